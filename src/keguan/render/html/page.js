var settings = JSON.parse(document.getElementById('page').textContent);
var words = settings.words;
var dark = window.matchMedia('(prefers-color-scheme: dark)');
var charts = [];

function element(name, className, text) {
  var made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(className, text, label) {
  var made = element('button', className, text);
  made.type = 'button';
  if (label) made.setAttribute('aria-label', label);
  return made;
}

/* What can be done with a figure or a table stands together at the end of its caption. */
function acts(figure) {
  var found = figure.querySelector('.acts');
  if (found) return found;
  var proof = figure.querySelector('figcaption .ev:not(.rows)');
  var made = element('span', 'acts');
  proof.replaceWith(made);
  made.append(proof);
  return made;
}

/* Said aloud by a screen reader, shown to nobody. */
var spoken = element('p', 'unseen');
spoken.setAttribute('role', 'status');

function say(text) {
  spoken.textContent = '';
  setTimeout(function () { spoken.textContent = text; }, 50);
}
