/* Places: a fragment or a search result is unfolded, shown and given the focus. */
function reveal(target, where) {
  for (var at = target; at; at = at.parentElement) {
    if (at.tagName === 'DETAILS') {
      var figure = at.closest('figure');
      if (at.classList.contains('data') && asTable.has(figure)) asTable.get(figure)();
      at.open = true;
    }
  }
  target.scrollIntoView({ block: where });
  if (!target.matches('a,button,summary,[tabindex]')) target.setAttribute('tabindex', '-1');
  target.focus({ preventScroll: true });
}

function openTarget() {
  var target;
  try {
    target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch (error) {
    return; /* a fragment that is no text */
  }
  if (!target || !location.hash) return;
  reveal(target, 'start');
  marked(target);
}

function marked(target) {
  document.querySelectorAll('.pointed').forEach(function (before) { before.classList.remove('pointed'); });
  if (target.matches('section,main')) return;
  (target.closest('.claim,.note,figcaption') || target).classList.add('pointed');
}

/* Contents: the part that is being read. */
function followReading() {
  var links = {};
  document.querySelectorAll('.side .contents>li>a').forEach(function (link) {
    links[link.getAttribute('href').slice(1)] = link;
  });
  var seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (found) {
      if (!found.isIntersecting || !links[found.target.id]) return;
      Object.keys(links).forEach(function (id) {
        var here = id === found.target.id;
        links[id].classList.toggle('here', here);
        if (here) links[id].setAttribute('aria-current', 'true');
        else links[id].removeAttribute('aria-current');
      });
    });
  }, { rootMargin: '0px 0px -75% 0px' });
  document.querySelectorAll('main>section').forEach(function (section) { seen.observe(section); });
  document.querySelectorAll('.folded a').forEach(function (link) {
    link.addEventListener('click', function () { link.closest('details').open = false; });
  });
}
