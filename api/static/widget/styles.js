/** The panel's look; colours are in loader.js. */
import { SMALL } from './modal.js';

export const CSS = `
*,*::before,*::after{box-sizing:border-box}
[hidden]{display:none!important}
.panel{position:fixed;right:var(--iv-right,1em);bottom:calc(var(--iv-bottom,1em) + 3.5em);
width:25em;max-width:calc(100vw - 2em);height:42em;max-height:calc(100vh - var(--iv-bottom,1em) - 4.5em);
display:flex;flex-direction:column;overflow-x:hidden;overflow-y:auto;
color:var(--iv_text);background-color:var(--iv_surface);border:1px solid var(--iv_line);border-radius:.75em;box-shadow:0 .3em 1.5em rgba(0,0,0,.3);overflow-wrap:anywhere}
h2,p,ol,ul,dl,dd{margin:0;padding:0}
ol,ul{list-style:none}
.sr,.bot+.bot .who{position:absolute;top:0;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.small{font-size:.875em}
.code{white-space:nowrap}
a{color:inherit;text-underline-offset:.15em}
.tap{display:inline-flex;align-items:center;min-height:2.75em;margin-inline-end:1em}
button,textarea{font:inherit;letter-spacing:inherit;word-spacing:inherit}
button{min-height:2.75em;padding:.4em .9em;border:1px solid var(--iv_text);border-radius:.5em;cursor:pointer;
color:var(--iv_text);background-color:transparent;text-align:start}
button:hover{text-decoration:underline}
button[aria-disabled=true]{border-style:dashed;border-color:var(--iv_line);cursor:default;text-decoration:none}
button[aria-pressed=true]{font-weight:600;border-width:2px}
:focus{outline:none}
:focus-visible,textarea:focus{outline:3px solid var(--iv_text);outline-offset:2px}
.scroll:focus-visible{outline-offset:-3px}

header{flex:none;color:var(--iv_accent-text);background-color:var(--iv_accent);border-bottom:1px solid var(--iv_line)}
header :focus-visible{outline-color:var(--iv_accent-text);outline-offset:-4px}
.bar{display:flex;flex-wrap:wrap;align-items:center}
header .bar{padding:.4em .4em .4em 1em}
.name{flex:1 0 auto;max-width:100%}
h2{font-size:1.125em;line-height:1.3}
.name p{font-size:.875em;line-height:1.3}
.bare{border-color:transparent;color:inherit;padding:.4em .6em;margin-inline-start:.15em}
.menu{display:flex;flex-wrap:wrap;padding:.25em .75em .5em}
.menu p{width:100%;padding:.25em}
.menu button{margin:.25em;border-color:currentColor;color:inherit}
.menu a{margin:.25em .75em;color:inherit}
.tools{flex:none;justify-content:space-between;padding:.15em .6em;
border-bottom:1px solid var(--iv_line);font-size:.9375em}
.tools button{border-color:transparent;padding-inline:.4em;min-height:2.95em}
.switch::before{content:"";display:inline-block;width:2.2em;height:1.3em;margin-inline-end:.4em;vertical-align:-.25em;
border:2px solid;border-radius:1em;background:radial-gradient(circle at .55em,currentColor .36em,transparent .4em)}
.switch[aria-checked=true]::before{color:var(--iv_accent-text);border-color:var(--iv_text);
background:radial-gradient(circle at calc(100% - .55em),currentColor .36em,transparent .4em) var(--iv_accent)}

.scroll{position:relative;flex:1 1 0;min-height:8em;overflow-y:auto;overscroll-behavior:contain;padding:.75em 1em}
.bot,.user{margin-bottom:.9em}
.who{font-size:.875em;font-weight:600}
.user .who{text-align:end}
.text{white-space:pre-wrap}
li>div.text{padding:.6em .9em;border:1px solid transparent;border-radius:.75em}
.bot>div.text{background-color:var(--iv_tint);border-start-start-radius:.2em}
.user>div.text{width:fit-content;max-width:90%;margin-inline-start:auto;color:var(--iv_accent-text);
background-color:var(--iv_accent);border-start-end-radius:.2em}
.note{margin:.75em 0;padding:.5em 0;border:solid var(--iv_line);border-width:1px 0;text-align:center;font-size:.875em}
.bot>p.small,.hint{margin-top:.3em}
.listen{display:none;margin-top:.3em}
.aloud .listen{display:block}

.cards{margin-top:.5em}
.card{margin-bottom:.5em;padding:.6em .9em;border:1px solid var(--iv_line);border-radius:.5em}
.card>.text{margin-bottom:.35em}
.title{font-weight:600}
.title a{display:inline-block;padding:.2em 0}
summary{padding:.7em 0;cursor:pointer}
dd strong{display:inline-block}
.badge{display:inline-block;margin:.15em 0 .35em;padding:0 .6em;border:1px solid currentColor;border-radius:1em;
font-size:.875em}
dl>div{display:flex;flex-wrap:wrap}
dt{flex:0 1 7.5em;padding-inline-end:.5em}
dd{flex:1 1 7em;min-width:0;font-weight:500}

.row{display:flex;flex-wrap:wrap;margin-top:.25em}
.row p{width:100%;padding:.2em 0;font-weight:600}
.row p::first-letter{text-transform:uppercase}
.row button{margin:.2em .4em .2em 0}
.feedback{margin-top:.6em}
.feedback>.small{display:block}
.feedback button{margin-inline-end:.4em;padding:.3em .6em;font-size:.875em;min-height:3.15em;
border-color:var(--iv_line)}
.why{margin-top:.4em}
.why textarea{display:block;width:100%;margin:.2em 0 .4em;font-weight:400}

.alert{flex:none;max-height:40%;overflow-y:auto;margin:0 1em;padding:.6em .9em;border:2px solid var(--iv_text);
border-radius:.5em}
.alert button{margin:.4em 1em 0 0;font-weight:600}
form{flex:none;padding:.4em 1em .6em;border-top:1px solid var(--iv_line);margin-top:.5em}
.held{flex:none;padding:.4em 1.14em 0}
label{display:block;margin-bottom:.3em;font-weight:600}
.human{text-decoration:underline}
.write{display:flex;flex-wrap:wrap;align-items:flex-end}
textarea{flex:1 1 6em;min-width:0;min-height:2.75em;max-height:8em;padding:.55em .75em;resize:none;overflow-y:auto;
color:var(--iv_text);background-color:var(--iv_surface);border:1px solid var(--iv_line);border-radius:.5em}
textarea[aria-invalid=true]{border-width:3px}
.send{flex:none;margin-inline-start:.5em;color:var(--iv_accent-text);background-color:var(--iv_accent);
border-color:var(--iv_line);font-weight:600}

@media ${SMALL}{
.panel{top:0;right:0;bottom:auto;left:0;width:auto;max-width:none;height:100vh;height:100dvh;max-height:none;
border:0;border-radius:0}
h2{font-size:1em}
.bare{padding-inline:.35em}
header .bar{padding-inline:.75em .25em}
.open .launcher{visibility:hidden}
}
@media (max-height:25em){
.scroll{flex:none;overflow:visible}
.alert{max-height:none}
form{margin-top:0}
}
@media (forced-colors:active){
li>div.text,.bare,.tools button{border-color:ButtonBorder}
.bare{margin-inline-start:.3em}
.tools{padding-inline:.25em}
.switch::before{forced-color-adjust:none;color:ButtonText;background-color:ButtonFace}
.switch[aria-checked=true]::before{color:HighlightText;border-color:ButtonText;background-color:Highlight}
button[aria-pressed=true]{border-width:3px}
}`;
