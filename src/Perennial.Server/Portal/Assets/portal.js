// Islands on pages that work without them: copying, selecting all, the name of a picked file, live parts.
(() => {
  'use strict';

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]');
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      // Without a secure context there is no clipboard: the text is selected, to be copied by hand.
      const text = button.parentElement.querySelector('[data-copied]');
      if (text) getSelection().selectAllChildren(text);
      return;
    }
    const said = button.getAttribute('aria-label');
    button.classList.add('is-done');
    button.setAttribute('aria-label', 'Copied');
    setTimeout(() => {
      button.classList.remove('is-done');
      button.setAttribute('aria-label', said);
    }, 1500);
  });

  document.addEventListener('change', (event) => {
    const box = event.target;
    if (box.matches?.('[data-select-all]')) {
      for (const each of box.form.querySelectorAll('input[type=checkbox][name=id]')) each.checked = box.checked;
    }
    if (box.matches?.('input[type=checkbox]') && box.form) tell(box.form);
    if (box.matches?.('input[type=file]')) {
      const name = document.getElementById(box.dataset.name);
      if (name) name.textContent = box.files.length ? box.files[0].name : '';
    }
    // What is picked is shown at once, without another click.
    if (box.matches?.('[data-send]')) box.form.requestSubmit();
  });

  // How many rows are picked, beside the buttons that act on them.
  function tell(form) {
    const place = form.querySelector('[data-picked]');
    if (place) place.textContent = `${form.querySelectorAll('input[name=id]:checked').length} selected`;
  }

  // A live part asks for itself again, while the page is looked at, nothing inside it has the focus, and nothing in it was opened.
  for (const part of document.querySelectorAll('[data-live]')) {
    const isInUse = () => document.hidden || part.contains(document.activeElement) || part.querySelector('details[open]');
    setInterval(async () => {
      if (isInUse()) return;
      try {
        const answer = await fetch(part.dataset.live, { headers: { Accept: 'text/html' }, redirect: 'error' });
        const text = answer.ok && await answer.text();
        if (text && !isInUse()) part.innerHTML = text;
      } catch {
        // The next turn tries again.
      }
    }, Number(part.dataset.every) * 1000);
  }
})();
