"""Whole HTML answers as mail clients build them: "Thanks, that works." above, "It fails." quoted."""

from __future__ import annotations

from typing import Final

PAGES: Final = {
    "outlook desktop": (
        "<div class=WordSection1><p class=MsoNormal>Thanks, that works.<o:p></o:p></p><p class=MsoNormal>"
        "<o:p>&nbsp;</o:p></p><div><div"
        ' style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal><b>'
        "<span lang=EN-US>From:</span></b><span lang=EN-US> John Doe &lt;john@acme.example&gt; <br><b>Sent:"
        "</b> Wednesday, October 27, 2021 9:31 AM<br><b>To:</b> desk@acme.example<br><b>Subject:</b>"
        " RE: Export<o:p></o:p></span></p></div></div><p class=MsoNormal>It fails.</p></div>"
    ),
    "outlook web": (
        '<div>Thanks, that works.</div><div id="appendonsend"></div><hr'
        ' style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        '<font face="Calibri"><b>From:</b> John Doe &lt;john@acme.example&gt;<br><b>Sent:</b> Wednesday<br>'
        "<b>To:</b> a<br><b>Subject:</b> Re: Export</font><div>&nbsp;</div></div><div>It fails.</div>"
    ),
    "outlook unknown language": (
        '<div>Thanks, that works.</div><div id="appendonsend"></div><hr'
        ' style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        '<font face="Calibri"><b>Qaz:</b> John Doe &lt;john@acme.example&gt;<br><b>Wsx:</b> Wednesday<br><b>'
        "Edc:</b> a<br><b>Rfv:</b> Re: Export</font><div>&nbsp;</div></div><div>It fails.</div>"
    ),
    "gmail": (
        '<div dir="ltr">Thanks, that works.</div><br><div class="gmail_quote gmail_quote_container">'
        '<div dir="ltr" class="gmail_attr">On Wed, Oct 27, 2021 at 9:31 AM John Doe &lt;'
        '<a href="mailto:john@acme.example">john@acme.example</a>&gt; wrote:<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px">It fails.</blockquote></div>'
    ),
    "gmail unknown": (
        '<div dir="ltr">Thanks, that works.</div><br><div class="gmail_quote gmail_quote_container">'
        '<div dir="ltr" class="gmail_attr">Zzz Wed, Qwx 27, 2021 yy 9:31 John Doe &lt;'
        '<a href="mailto:john@acme.example">john@acme.example</a>&gt; asdf:<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px">It fails.</blockquote></div>'
    ),
    "apple": (
        '<html><body style="word-wrap: break-word;">Thanks, that works.<br><div><br><blockquote type="cite">'
        "<div>On 27 Oct 2021, at 09:31, John Doe &lt;john@acme.example&gt; wrote:</div>"
        '<br class="Apple-interchange-newline"><div>It fails.</div></blockquote></div><br></body></html>'
    ),
    "ios": (
        '<html><body dir="auto">Thanks, that works.<br><br><div dir="ltr">Sent from my iPhone</div>'
        '<div dir="ltr"><br><blockquote type="cite">'
        "On 27 Oct 2021, at 09:31, John Doe &lt;john@acme.example&gt; wrote:<br><br></blockquote></div>"
        '<blockquote type="cite"><div dir="ltr">\ufeffIt fails.</div></blockquote></body></html>'
    ),
    "thunderbird": (
        '<p>Thanks, that works.</p><div class="moz-cite-prefix">Am 27.10.21 um 09:31 schrieb John Doe:<br>'
        '</div><blockquote type="cite" cite="mid:x"><pre>It fails.</pre></blockquote>'
    ),
    "yahoo": (
        '<div class="ydp"><div>Thanks, that works.</div></div>'
        '<div id="ydpyahoo_quoted_1" class="ydpyahoo_quoted"><div><div>'
        "On Wednesday, October 27, 2021, 09:31:36 AM GMT+1, John Doe &lt;john@acme.example&gt; wrote:</div>"
        "<div><br></div><div>It fails.</div></div></div>"
    ),
    "yahoo2": (
        '<div>Thanks, that works.</div><div class="yahoo_quoted"><div>'
        "Qqq October 27, 2021, 09:31:36 AM GMT+1, John Doe &lt;john@acme.example&gt; zzz:</div><div><br>"
        "</div><div>It fails.</div></div>"
    ),
    "samsung": (
        '<div dir="auto">Thanks, that works.</div><div><br></div><div id="composer_signature"><div'
        ' style="font-size:85%">Sent from my Galaxy</div></div><div><br></div><div style="font-size:100%">'
        "<!-- originalMessage --><div>-------- Original message --------</div><div>"
        "From: John Doe &lt;john@acme.example&gt; </div><div>Date: 27/10/2021  09:31  (GMT+01:00) </div><div>"
        "To: a </div><div>Subject: Re: Export </div><div><br></div></div>It fails."
    ),
    "notes": (
        '<font size=2 face="sans-serif">Thanks, that works.</font><br><br><table width=100%><tr><td>'
        '<font size=1 face="sans-serif"><b>John Doe &lt;john@acme.example&gt;</b></font><p><font size=1>'
        "27.10.2021 09:31</font></p></td><td><table><tr><td><font size=1>An</font></td><td><font size=1>desk"
        "</font></td></tr><tr><td><font size=1>Kopie</font></td><td></td></tr><tr><td><font size=1>Thema"
        "</font></td><td><font size=1>Export</font></td></tr></table></td></tr></table><br><tt><font size=2>"
        "It fails.</font></tt>"
    ),
    "notes9": (
        '<p><font size="2" face="sans-serif">Thanks, that works.</font></p><br><br>'
        '<font size=1 color=#5f5f5f face="sans-serif">Von: &nbsp; &nbsp; &nbsp; &nbsp;</font>'
        '<font size=1 face="sans-serif">&quot;John Doe&quot; &lt;john@acme.example&gt;</font><br>'
        "<font size=1 color=#5f5f5f>An: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>desk</font><br>"
        "<font size=1>Datum: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>27.10.2021 09:31</font><br>"
        "<font size=1>Betreff: &nbsp;</font><font size=1>Export</font><br><hr noshade><br><br><tt>It fails."
        "</tt>"
    ),
    "hcl": (
        '<div>Thanks, that works.</div><div><br></div><div style="font-size:11px;padding-left:5px"><div'
        ' style="padding-right:0px;padding-left:5px;border-left:solid black 2px">'
        '-----John Doe &lt;john@acme.example&gt; wrote: -----<div style="padding-left:5px">To: desk<br>'
        "From: John Doe &lt;john@acme.example&gt;<br>Date: 10/27/2021 09:31AM<br>Subject: Export<br><br>"
        "It fails.</div></div></div>"
    ),
    "zimbra": (
        '<div style="font-family: arial"><div>Thanks, that works.</div><div><br></div>'
        '<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>De: </b>'
        '"John Doe" &lt;john@acme.example&gt;<br><b>À: </b>"desk"<br><b>Envoyé: </b>'
        "Mercredi 27 Octobre 2021 09:31:36<br><b>Objet: </b>Re: Export<br></div><br>"
        '<div data-marker="__QUOTED_TEXT__">It fails.</div></div>'
    ),
    "proton": (
        '<div style="font-family: Arial">Thanks, that works.</div><div class="protonmail_signature_block">'
        '</div><div class="protonmail_quote">'
        "On Wednesday, October 27th, 2021 at 9:31 AM, John Doe &lt;john@acme.example&gt; wrote:<br>"
        '<blockquote class="protonmail_quote" type="cite">It fails.</blockquote><br></div>'
    ),
    "mailru": (
        '<div>Thanks, that works.</div><div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6;">'
        "<div>Среда, 27 октября 2021, 9:31 +03:00 от John Doe &lt;john@acme.example&gt;:<br>&nbsp;</div><div>"
        "It fails.</div></blockquote>"
    ),
    "yandex": (
        '<div>Thanks, that works.</div><div>27.10.2021, 09:31, "John Doe" &lt;john@acme.example&gt;:</div>'
        "<blockquote><p>It fails.</p></blockquote>"
    ),
    "qq": (
        "<div>Thanks, that works.</div><div><br></div><div><includetail><div>&nbsp;</div><div"
        ' style="font-size:12px">------------------&nbsp;原始邮件&nbsp;------------------</div><div'
        ' style="font-size:12px;background:#efefef"><div><b>发件人:</b>'
        '&nbsp;"John Doe"&lt;john@acme.example&gt;;</div><div><b>发送时间:</b>&nbsp;2021年10月27日(星期三) '
        "上午9:31</div>"
        '<div><b>收件人:</b>&nbsp;"desk"&lt;desk@acme.example&gt;;</div><div><b>主题:</b>&nbsp;Export</div></div>'
        "<div>It fails.</div></includetail></div>"
    ),
    "163": (
        "<div>Thanks, that works.</div><div><br></div><pre>"
        '\n在 2021-10-27 09:31:36，"John Doe" &lt;john@acme.example&gt; 写道：</pre>'
        '<blockquote id="isReplyContent"><div>It fails.</div></blockquote>'
    ),
    "gmx": (
        '<div>Thanks, that works.<div>&nbsp;<div name="quote" style="margin:10px"><div'
        ' style="margin:0 0 10px 0;"><b>Gesendet:</b>&nbsp;Mittwoch, 27. Oktober 2021 um 09:31 Uhr<br/><b>'
        'Von:</b>&nbsp;"John Doe" &lt;john@acme.example&gt;<br/><b>An:</b>&nbsp;desk<br/><b>Betreff:</b>'
        '&nbsp;Export</div><div name="quoted-content">It fails.</div></div></div></div>'
    ),
    "orange": (
        '<p>Thanks, that works.</p><p>&nbsp;</p><blockquote style="padding-left: 5px;">'
        '&gt; Message du 27/10/21 09:31<br />&gt; De : "John Doe" &lt;john@acme.example&gt;<br />'
        "&gt; A : desk@acme.example<br />&gt; Copie à : <br />&gt; Objet : Export<br />&gt; <br /> <p>"
        "It fails.</p></blockquote>"
    ),
    "front": (
        '<div>Thanks, that works.<br></div><br><blockquote type="cite" class="front-blockquote"><div>'
        'On October 27, 2021 at 9:31 AM GMT+2 <a href="mailto:john@acme.example">john@acme.example</a> wrote:'
        "</div><br><div>It fails.</div></blockquote>"
    ),
    "outlook ios": (
        '<div>Thanks, that works.</div><div id="ms-outlook-mobile-signature">Get '
        '<a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr><div id="divRplyFwdMsg"><b>From:</b>'
        " John Doe &lt;john@acme.example&gt;<br><b>Sent:</b> Wed<br><b>To:</b> d<br><b>Subject:</b>"
        " Re: Export</div><div>It fails.</div>"
    ),
    "spark": (
        '<div name="messageBodySection"><div dir="auto">Thanks, that works.</div></div>'
        '<div name="messageReplySection">'
        "On 27 Oct 2021, 09:31 +0200, John Doe &lt;john@acme.example&gt;, wrote:<br/>"
        '<blockquote type="cite" class="spark_quote">It fails.</blockquote></div>'
    ),
    "hey": (
        "<div>Thanks, that works.</div><br><br>On October 27, 2021, John Doe &lt;john@acme.example&gt; wrote:"
        "<br><blockquote>It fails.</blockquote>"
    ),
    "bare blockquote": ('<div>Thanks, that works.</div><br><blockquote type="cite">It fails.</blockquote>'),
    "owa2003": (
        '<p>Thanks, that works.</p><hr size="1"><blockquote>-----Original Message----- <br><b>From:</b>'
        " John Doe [mailto:john@acme.example] <br><b>Sent:</b> Wed<br><b>To:</b> d<br><b>Subject:</b>"
        " Re: Export<br><br></blockquote><p>It fails.</p>"
    ),
    "roundcube": (
        '<div>Thanks, that works.</div><p id="reply-intro">On 2021-10-27 09:31, John Doe wrote:</p>'
        '<blockquote type="cite"><div>It fails.</div></blockquote>'
    ),
    "mailbird": (
        '<div>Thanks, that works.</div><blockquote class="history_container" type="cite"><p>'
        "On 27/10/2021 09:31:36, John Doe &lt;john@acme.example&gt; wrote:</p><div>It fails.</div>"
        "</blockquote>"
    ),
    "emclient": (
        "<div>Thanks, that works.</div><div><br></div><div>------ Original Message ------</div><div>"
        'From "John Doe" &lt;<a href="mailto:john@acme.example">john@acme.example</a>&gt;</div><div>To desk'
        '</div><div>Date 27/10/2021 09:31:36</div><div>Subject Re: Export</div><div><br></div><div id="x">'
        '<blockquote cite="x" type="cite" class="cite2">It fails.</blockquote></div>'
    ),
    "bluemail": (
        '<div>Thanks, that works.</div><div class="gmail_quote">On 27 Oct 2021, at 09:31, John Doe &lt;'
        '<a href="mailto:john@acme.example">john@acme.example</a>&gt; wrote:<blockquote class="gmail_quote">'
        "It fails.</blockquote></div>"
    ),
    "tutanota": (
        "<div>Thanks, that works.</div><div>27 Oct 2021, 09:31 by john@acme.example:</div>"
        '<blockquote class="tutanota_quote"><div>It fails.</div></blockquote>'
    ),
    "zoho": (
        '<div>Thanks, that works.</div><div><br></div><div class="zmail_extra"><div>'
        "---- On Wed, 27 Oct 2021 09:31:50 +0530 <b>john@acme.example</b> wrote ----</div><br><blockquote>"
        "It fails.</blockquote></div>"
    ),
    "windows mail": (
        "<div class=WordSection1><p class=MsoNormal>Thanks, that works.</p><p class=MsoNormal>Gesendet von "
        '<a href="https://go.microsoft.com/x">Mail</a> für Windows</p><div'
        ' style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal><b>Von: </b>'
        '<a href="mailto:john@acme.example">John Doe</a><br><b>Gesendet: </b>Mittwoch<br><b>An: </b>'
        '<a href="mailto:d@acme.example">d</a><br><b>Betreff: </b>Re: Export</p></div><p>It fails.</p></div>'
    ),
    "applemail de": (
        '<body>Thanks, that works.<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite">'
        "<div>Am 27.10.2021 um 09:31 schrieb John Doe &lt;john@acme.example&gt;:</div><br><div>It fails."
        "</div></blockquote></div></body>"
    ),
    "workspace": (
        '<div>Thanks, that works.</div><blockquote id="replyBlockquote" webmail="1"><div id="wmQuoteWrapper">'
        '-------- Original Message --------<br>Subject: Export<br>From: "John Doe" &lt;john@acme.example&gt;'
        "<br>Date: Wed, October 27, 2021 9:31 am<br>To: d<br><br>It fails.</div></blockquote>"
    ),
}
