// Shows the description of the API that this server publishes. Everything that comes from it is text, never markup.
'use strict';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function node(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** The shape of a value, as a sketch that people can read. */
function sketch(schema, all, depth = 0, seen = []) {
  if (!schema || Object.keys(schema).length === 0) return 'any';
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop();
    if (seen.includes(name) || depth > 5) return name;
    return sketch(all[name], all, depth, [...seen, name]);
  }
  const choices = schema.oneOf || schema.anyOf;
  if (choices) return choices.map((choice) => sketch(choice, all, depth, seen)).join(' | ');
  if (schema.allOf) return schema.allOf.map((part) => sketch(part, all, depth, seen)).join(' & ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const types = [].concat(schema.type || 'any');
  return types
    .map((type) => {
      if (type === 'array') return `[${sketch(schema.items, all, depth, seen)}]`;
      if (type !== 'object' || !schema.properties) return schema.format && type !== 'null' ? `${type} (${schema.format})` : type;
      const pad = '  '.repeat(depth + 1);
      const required = schema.required || [];
      const lines = Object.entries(schema.properties).map(
        ([key, value]) => `${pad}${key}${required.includes(key) ? '' : '?'}: ${sketch(value, all, depth + 1, seen)}`,
      );
      return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
    })
    .join(' | ');
}

function definitions(pairs) {
  const list = node('dl');
  for (const [term, ...text] of pairs) list.append(node('dt', {}, term), node('dd', {}, ...text));
  return list;
}

function operation(path, method, described, all) {
  const body = node('div');
  if (described.description) body.append(node('p', {}, described.description));
  const parameters = described.parameters || [];
  if (parameters.length) {
    body.append(node('h3', {}, 'Parameters'));
    body.append(
      definitions(
        parameters.map((p) => [
          node('code', {}, p.name),
          `${p.in}${p.required ? ', needed' : ''}: ${sketch(p.schema, all)}. ${p.description || ''}`,
        ]),
      ),
    );
  }
  const request = described.requestBody && Object.entries(described.requestBody.content || {});
  if (request && request.length) {
    body.append(node('h3', {}, `Body (${request.map(([type]) => type).join(', ')})`));
    body.append(node('pre', { tabindex: '0' }, sketch(request[0][1].schema, all)));
  }
  body.append(node('h3', {}, 'Answers'));
  for (const [status, response] of Object.entries(described.responses)) {
    const [type, content] = Object.entries(response.content || {})[0] || [];
    body.append(node('p', {}, node('code', {}, status), ` ${response.description} `, node('span', { class: 'soft' }, type || '')));
    if (content && status < '400') body.append(node('pre', { tabindex: '0' }, sketch(content.schema, all)));
  }
  const words = `${method} ${path} ${described.summary || ''}`.toLowerCase();
  return node(
    'details',
    { 'data-words': words, id: described.operationId || '' },
    node('summary', {}, node('span', { class: 'method' }, method.toUpperCase()), node('code', {}, path), node('span', { class: 'title' }, described.summary || '')),
    body,
  );
}

function show(api) {
  document.getElementById('about').textContent = api.info.description;
  document.getElementById('version').textContent = `version ${api.info.version}, OpenAPI ${api.openapi}`;
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const group = (item[method].tags || ['other'])[0];
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(operation(path, method, item[method], api.components.schemas));
    }
  }
  const main = document.getElementById('operations');
  for (const [name, operations] of groups) main.append(node('section', {}, node('h2', {}, name), ...operations));
}

function filter(text) {
  for (const details of document.querySelectorAll('details')) details.hidden = !details.dataset.words.includes(text);
  for (const section of document.querySelectorAll('section')) {
    section.hidden = !section.querySelector('details:not([hidden])');
  }
}

document.getElementById('filter').addEventListener('input', (event) => filter(event.target.value.trim().toLowerCase()));
fetch('/api/v1/openapi.json')
  .then((answer) => answer.json())
  .then(show)
  .catch((error) => {
    document.getElementById('about').textContent = `The description cannot be read: ${error.message}`;
  });
