import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { language } from './lib/language.svelte';

await language.begin();
const target = document.getElementById('app');
if (target) mount(App, { target });
