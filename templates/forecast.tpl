{{%AUTOESCAPE context="HTML"}}
<div class="forecast" data-model="{{MODEL}}">
<div class="plan"></div>
<div class="future">
<div class="answers" role="status">{{#ANSWER}}<p>{{TEXT}}</p>{{/ANSWER}}</div>
{{>CHART}}
</div>
<div class="good">
<h4>How good is it?</h4>
{{>TEXTS}}
</div>
</div>
