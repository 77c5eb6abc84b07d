// A box that scrolls must be reached with the keyboard, too.
function reach() {
  for (const box of document.querySelectorAll("pre, .formula, .cell_output, .table-wrapper")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("load", reach);
addEventListener("resize", reach);
document.addEventListener("toggle", reach, true);
