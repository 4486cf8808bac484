import { api, held } from './api';

/** The models that can be asked now: the usual one first. Made where a component is made. */
export class Models {
  /** What runs take that name none. */
  usual = $state('rehearsal');
  names = $state.raw<string[]>([]);

  constructor() {
    $effect(() => {
      held(api.GET('/api/v1/settings/providers')).then(
        (read) => {
          this.usual = read.default_model;
          const inReach = read.items.filter((one) => one.configured).flatMap((one) => [one.example, ...one.at_hand]);
          this.names = [...new Set([read.default_model, ...inReach])];
        },
        () => undefined,
      );
    });
  }
}
