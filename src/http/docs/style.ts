/** The style of our own pages: quiet, readable, light and dark, without anything from elsewhere. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dfe4ea; --ground: #ffffff; --raised: #f5f7f9; --accent: #1559b7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --soft: #9ba6b4; --line: #2e3744; --ground: #12161c; --raised: #1a2029; --accent: #7fb2ff; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
main { max-width: 56rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
.page { display: grid; grid-template-columns: 19rem minmax(0, 1fr); }
.page main { margin: 0; padding: 2rem 2.5rem 4rem; }
.page nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1.25rem; border-right: 1px solid var(--line); background: var(--raised); font-size: .875rem; }
nav h2 { font-size: .75rem; letter-spacing: .04em; color: var(--soft); margin: 1.25rem 0 .25rem; border: 0; padding: 0; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { margin: .15rem 0; }
nav a { display: block; color: inherit; text-decoration: none; overflow-wrap: anywhere; padding: .1rem .25rem; border-radius: 4px; }
nav a:hover { color: var(--accent); }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.35rem; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
h4 { font-size: .9rem; margin: 1.1rem 0 .35rem; color: var(--soft); }
code, pre { font: .875em/1.5 ui-monospace, monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; overflow-x: auto; }
.method { display: inline-block; min-width: 4.2em; font: 600 .8em ui-monospace, monospace; color: var(--accent); }
.soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
td p { margin: 0; }
summary { cursor: pointer; color: var(--accent); }
@media (max-width: 60rem) { .page { display: block; } table { display: block; overflow-x: auto; } .page nav { position: static; height: auto; max-height: 40vh; border-right: 0; border-bottom: 1px solid var(--line); } .page main { padding: 1.5rem 1.25rem 3rem; } }
@media print { .page { display: block; } .page nav { display: none; } }
`;
