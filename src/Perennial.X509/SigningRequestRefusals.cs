namespace Perennial.X509;

/// <summary>
/// Ways in which a signing request is refused, beside those it shares with certificates: its common name (2008 to 2010), its key and
/// its algorithms (2012 to 2014). Each has its page <c>docs/refusals/{Number}.md</c>.
/// </summary>
public static class SigningRequestRefusals
{
    /// <summary>The bytes are not a well-formed signing request.</summary>
    public static RefusalReason Malformed { get; } = new(
        2033, "signing-request-malformed", "The bytes are not a well-formed certificate signing request.",
        "Send a PKCS #10 request as DER in base64, without header lines; look at it with openssl req -inform DER -text -noout.");

    /// <summary>The request is larger than is looked at.</summary>
    public static RefusalReason TooLarge { get; } = new(
        2034, "signing-request-too-large", "A certificate signing request is larger than 8 KB.",
        "Make the request with one common name and no further extensions.");

    /// <summary>The request is not signed by the key that stands in it.</summary>
    public static RefusalReason SignatureWrong { get; } = new(
        2035, "signing-request-signature-wrong", "A certificate signing request is not signed by its own key.",
        "Make the request anew with the key that the certificate is for; check it with openssl req -verify -noout.");

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } = [Malformed, TooLarge, SignatureWrong];
}
