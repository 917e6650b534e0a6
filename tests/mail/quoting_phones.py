"""What phones, apps and webmailers write below a mail, a language a row."""

from __future__ import annotations

from typing import Final

PHONES: Final = {
    "en": "Sent from my Galaxy|Sent from my Verizon, Samsung Galaxy smartphone|Sent from Samsung tablet."
    "|Sent from my BlackBerry 10 smartphone.|Sent from Outlook Mobile|Sent from my T-Mobile 4G LTE Device"
    "|Sent with Proton Mail secure email.|Sent from Proton Mail for iOS|Sent via Superhuman|Sent from Mailspring"
    "|Sent with Spark|Sent from Gmail Mobile|Sent from the all new AOL app for iOS|Sent from AOL Mobile Mail"
    "|Sent from Yahoo Mail for iPhone|Yahoo Mail: Search, Organize, Conquer|Sent from my mobile phone. "
    "Please excuse typos."
    "|Sent from my Android device with K-9 Mail. Please excuse my brevity.|Sent from BlueMail|Sent from Newton Mail"
    "|Sent from Aqua Mail for Android|Sent from Workspace ONE Boxer|Sent from my Windows Phone|Sent using Zoho Mail"
    "|Sent with Tutanota|Sent from myMail for iOS|Sent from Mailbird|Sent from my Huawei phone|Sent from my Pixel"
    "|Sent from my mobile|Sent from my phone|Sent from my work phone|Sent from mobile|Sent from iPhone"
    "|Sent from my iPhone, please excuse any typos|Securely sent with Tuta Mail|Sent from Mail.ru app for Android"
    "|Sent from my Sony Xperia™ smartphone|Sent on the go|Get Outlook for Mac|Sent from Mail for Windows 10",
    "de": "Gesendet mit der mobilen Mail App|Gesendet mit der GMX Mail App|Gesendet von meinem Samsung "
    "Galaxy Smartphone."
    "|Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.|Gesendet mit Telekom Mail"
    "|Von meinem Samsung Galaxy Smartphone gesendet.|Gesendet von Yahoo Mail auf Android|Von Samsung Mobile gesendet"
    "|Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.|Von meinem Handy gesendet"
    "|Gesendet von Outlook für Android|Laden Sie Outlook für iOS herunter|Mit freundlichem Gruß von meinem "
    "iPhone gesendet"
    "|Von unterwegs gesendet|Gesendet von meinem Mobiltelefon|Gesendet mit BlueMail",
    "fr": "Envoyé de mon appareil mobile|Envoyé depuis mon appareil Galaxy|Envoyé depuis l'application Mail Orange"
    "|Envoyé depuis l’application mail Orange|Envoyé de Yahoo Mail pour Android|Obtenez Outlook pour Android"
    "|Envoyé à partir de Courrier pour Windows 10|Envoyé depuis mon smartphone Samsung Galaxy."
    "|Envoyé de mon appareil Android avec K-9 Mail. Veuillez excuser ma brièveté.|Envoyé depuis mon téléphone"
    "|Envoyé avec la messagerie sécurisée Proton Mail.|Envoyé de mon Galaxy de Samsung|Envoyé depuis mon mobile",
    "es": "Enviado desde mi Samsung Galaxy|Enviado desde mi smartphone Samsung Galaxy.|Enviado desde Yahoo "
    "Mail con Android"
    "|Enviado desde Correo para Windows 10|Enviado desde Outlook para Android|Obtén Outlook para Android"
    "|Enviado desde mi dispositivo Android con K-9 Mail. Por favor, disculpa mi brevedad.|Enviado desde mi móvil"
    "|Enviado desde mi teléfono|Enviado desde mi celular|Enviado con Proton Mail|Obtenga Outlook para iOS",
    "it": "Inviato da smartphone Samsung Galaxy.|Inviato dal mio dispositivo Android|Inviato da Outlook per iOS"
    "|Scarica Outlook per Android|Inviato da Posta per Windows 10|Inviato da Libero Mail per Android"
    "|Inviato da Yahoo Mail su Android|Inviato dal mio telefono|Inviato dal mio Galaxy|Inviato con Proton Mail",
    "pt": "Enviado do meu smartphone Samsung Galaxy.|Enviado do Yahoo Mail no Android|Obter o Outlook para Android"
    "|Enviado do Correio para Windows 10|Enviado via iPhone|Enviado a partir do meu smartphone Samsung Galaxy."
    "|Obtenha o Outlook para iOS|Enviado do meu celular|Enviado do meu telemóvel",
    "nl": "Verzonden vanaf mijn Galaxy|Verzonden met Yahoo Mail op Android|Download Outlook voor iOS|Outlook "
    "voor iOS downloaden"
    "|Verzonden vanuit Mail voor Windows|Verstuurd vanaf Outlook|Verzonden vanaf mijn mobiel|Verzonden vanaf "
    "Samsung-tablet"
    "|Verstuurd vanaf mijn telefoon|Verstuurd met Proton Mail|Outlook voor Android ophalen",
    "pl": "Wysłane z mojego smartfonu Samsung Galaxy.|Pobierz aplikację Outlook dla systemu iOS|Wysłano z telefonu"
    "|Wysłane z aplikacji Poczta dla Windows|Wysłano z iPhone'a|Wysłane z Yahoo Mail na Androidzie|Wysłane z "
    "mojego Galaxy"
    "|Pobierz program Outlook dla systemu Android",
    "cs": "Odesláno z mého telefonu Samsung Galaxy|Získat Outlook pro iOS|Získejte Outlook pro Android"
    "|Odesláno z Pošty pro Windows|Odesláno z mobilu|Odesláno z chytrého telefonu Samsung Galaxy.",
    "sv": "Skickat från min Galaxy|Skickat från Outlook för iOS|Skaffa Outlook för iOS|Hämta Outlook för iOS"
    "|Skickat från E-post för Windows|Skickat från min mobil|Skickat från min Samsung Galaxy smartphone."
    "|Skickades från Outlook",
    "da": "Sendt fra min Galaxy|Sendt fra Outlook til iOS|Hent Outlook til iOS|Sendt fra Mail til Windows"
    "|Sendt fra min mobil|Sendt fra min Samsung Galaxy smartphone.",
    "no": "Skaff deg Outlook for iOS|Få Outlook for iOS|Sendt fra Outlook for iOS|Sendt fra min mobiltelefon"
    "|Sendt fra E-post for Windows",
    "fi": "Lähetetty Samsung Galaxy -älypuhelimesta.|Hanki Outlook for iOS|Lähetetty Outlook for iOS:stä"
    "|Lähetetty Windowsin sähköpostista|Lähetetty puhelimesta|Lähetetty iPhonesta|Lähetetty laitteesta Galaxy",
    "ru": "Отправлено со смартфона Samsung Galaxy.|Отправлено из мобильной Почты Mail.ru|Отправлено с моего Galaxy"
    "|Отправлено из Яндекс.Почты для мобильных|Отправлено из мобильного приложения Яндекс Почты|Отправлено с телефона"
    "|Скачайте Outlook для iOS|Получите Outlook для iOS|Отправлено из Mail.ru для Android|Отправлено из "
    "Outlook для Android"
    "|Отправлено с устройства Android|Отправлено с мобильного устройства Huawei|Отправлено из Почты для Windows",
    "uk": "Надіслано з мого iPhone|Надіслано зі смартфона Samsung Galaxy.|Отримайте Outlook для iOS"
    "|Надіслано з Outlook для Android|Надіслано з пристрою Galaxy|Відправлено з iPhone",
    "tr": "Samsung Galaxy akıllı telefonumdan gönderildi.|iOS için Outlook'u edinin|Android için Outlook’u edinin"
    "|Outlook for Android'i edinin|Windows için Posta ile gönderildi|Galaxy cihazımdan gönderildi|Yahoo Mail "
    "ile gönderildi",
    "ja": "Galaxyから送信|Outlook for iOS を入手|iOS 版 Outlook を取得|Windows 版のメールから送信|私のiPhoneから送信"
    "|Xperiaから送信|Android 用 Outlook を入手|スマートフォンから送信|Outlook for Androidを入手する",
    "zh": "发自我的 iPad|从 Windows 版邮件发送|获取 Outlook for iOS|获取适用于 iOS 的 Outlook|发自我的华为手机"
    "|发自我的小米手机|来自我的华为手机|从我的三星 Galaxy 智能手机发送。|發自我的 iPhone|取得 iOS 版 Outlook"
    "|發自我的手機"
    "|從 Windows 的郵件傳送|发自我的手机|发自 网易邮箱大师|从 Outlook for iOS 发送|从我的iPhone发送|下载 "
    "Outlook for iOS",
    "ko": "내 Galaxy에서 보냄|iOS용 Outlook 다운로드|iOS용 Outlook 받기|Windows용 메일에서 보냄|나의 iPad에서 보냄"
    "|삼성 Galaxy 스마트폰에서 보냈습니다.|네이버 메일 앱에서 보냈습니다.|Android용 Outlook을 다운로드하세요",
    "ar": "أرسلت من iPhone الخاص بي|أُرسلت من هاتفي Samsung Galaxy|احصل على Outlook for Android|الحصول على "
    "Outlook لـ iOS"
    "|تم الإرسال من البريد لـ Windows 10|مُرسل من الـ iPad",
    "he": "נשלח מה-Galaxy שלי|קבל את Outlook עבור Android|השג את Outlook עבור iOS|נשלח מדואר עבור Windows"
    "|נשלח מהטלפון שלי",
}
