{{%AUTOESCAPE context="HTML"}}
{{#INLINE}}
<div class="pic {{SIZE}}">{{SVG:none}}</div>
{{/INLINE}}
{{#LINKED}}
<div class="pic {{SIZE}}"><img src="{{HREF}}" width="{{PIXELS_WIDE}}" height="{{PIXELS_HIGH}}" alt="{{ALT}}" loading="lazy" decoding="async"></div>
{{/LINKED}}
