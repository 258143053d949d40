namespace Perennial.X509;

/// <summary>Every way in which a certificate or a chain is refused. Each has its page <c>docs/refusals/{Number}.md</c>.</summary>
public static class CertificateRefusals
{
    /// <summary>The validity of the leaf is over.</summary>
    public static RefusalReason Expired { get; } = new(
        2001, "certificate-expired", "The certificate has expired.",
        "Issue the device a new certificate; while it cannot connect, enroll the new one in the free slot and bring it to the device by hand.");

    /// <summary>The validity of the leaf has not begun.</summary>
    public static RefusalReason NotYetValid { get; } = new(
        2002, "certificate-not-yet-valid", "The certificate is not valid yet.",
        "Set the clock of the machine that issued it (and of this service), or wait until the certificate begins.");

    /// <summary>The validity of an intermediate or an anchor is over.</summary>
    public static RefusalReason IssuerExpired { get; } = new(
        2003, "issuer-expired", "A certificate above the leaf has expired.",
        "Roll the expired signing certificate: enroll its successor in the free slot and let the devices present it.");

    /// <summary>The validity of an intermediate or an anchor has not begun.</summary>
    public static RefusalReason IssuerNotYetValid { get; } = new(
        2004, "issuer-not-yet-valid", "A certificate above the leaf is not valid yet.",
        "Set the clock of the machine that issued it (and of this service), or wait until the certificate begins.");

    /// <summary>No certificate with the issuer's name was presented or is trusted.</summary>
    public static RefusalReason MissingIntermediate { get; } = new(
        2005, "intermediate-missing", "The certificate of the issuer was not presented and is not enrolled.",
        "Let the device send its whole chain (leaf first, then every intermediate), or enroll the issuer's certificate.");

    /// <summary>The chain is complete up to a self-issued certificate that is not trusted.</summary>
    public static RefusalReason UnknownAuthority { get; } = new(
        2006, "authority-unknown", "The chain is complete, but it leads to an authority that is not enrolled.",
        "If the authority is yours, enroll its root or intermediate as a signing certificate.");

    /// <summary>A certificate bears the name of a trusted issuer, but that issuer's key did not sign it.</summary>
    public static RefusalReason ForgedIssuer { get; } = new(
        2007, "issuer-forged", "The certificate names an issuer whose key did not sign it.",
        "If the authority was rolled under its old name, enroll its new certificate; if not, somebody made a false authority: find the device.");

    /// <summary>The subject has no common name.</summary>
    public static RefusalReason NoCommonName { get; } = new(
        2008, "common-name-missing", "The certificate has no common name.",
        "Issue the certificate with the registration id as its one common name, for instance -subj /CN=dev-01.");

    /// <summary>The subject has more than one common name.</summary>
    public static RefusalReason SeveralCommonNames { get; } = new(
        2009, "common-name-twice", "The certificate has more than one common name.",
        "Issue the certificate with exactly one common name, the registration id.");

    /// <summary>The common name is empty, too long or not printable ASCII.</summary>
    public static RefusalReason InvalidCommonName { get; } = new(
        2010, "common-name-invalid", "The common name is not 1 to 64 printable ASCII characters.",
        "Issue the certificate with a common name of 1 to 64 printable ASCII characters.");

    /// <summary>The leaf is a certificate of an authority.</summary>
    public static RefusalReason AuthorityAsLeaf { get; } = new(
        2011, "authority-as-leaf", "The leaf is a certificate authority.",
        "Issue the device a certificate with CA:FALSE; with openssl req -x509 add -addext basicConstraints=critical,CA:FALSE.");

    /// <summary>A public key is too weak.</summary>
    public static RefusalReason WeakKey { get; } = new(
        2012, "key-weak", "A public key is too weak.",
        "Use a key on P-256, P-384 or P-521 (by curve name), or RSA with 2048 bits or more.");

    /// <summary>A signature uses MD5 or SHA-1.</summary>
    public static RefusalReason WeakSignature { get; } = new(
        2013, "signature-weak", "A certificate is signed with a broken hash.",
        "Issue the certificate again with SHA-256 or better; with openssl add -sha256.");

    /// <summary>A key or signature algorithm is not supported.</summary>
    public static RefusalReason UnsupportedAlgorithm { get; } = new(
        2014, "algorithm-unsupported", "A key or signature algorithm is not supported.",
        "Use ECDSA or RSA (PKCS #1 v1.5 or PSS) with SHA-256, SHA-384 or SHA-512.");

    /// <summary>An extended key usage does not include the required purpose.</summary>
    public static RefusalReason WrongExtendedKeyUsage { get; } = new(
        2015, "extended-key-usage-wrong", "An extended key usage does not allow client authentication.",
        "Issue the certificate with extendedKeyUsage=clientAuth, or without the extension.");

    /// <summary>A key usage forbids what the key is used for.</summary>
    public static RefusalReason WrongKeyUsage { get; } = new(
        2016, "key-usage-wrong", "A key usage forbids what the key is used for.",
        "Issue leaves with keyUsage=digitalSignature and authorities with keyUsage=keyCertSign.");

    /// <summary>More intermediates than an authority allows below itself.</summary>
    public static RefusalReason PathTooLong { get; } = new(
        2017, "path-length-exceeded", "There are more intermediates than allowed.",
        "Issue from an authority nearer the root, or issue the authority anew with a larger pathlen.");

    /// <summary>An issuer is not marked as an authority.</summary>
    public static RefusalReason NotAnAuthority { get; } = new(
        2018, "basic-constraints-wrong", "An issuer is not marked as a certificate authority.",
        "Issue the signing certificate with basicConstraints=critical,CA:TRUE.");

    /// <summary>A name is outside the names an authority may issue for.</summary>
    public static RefusalReason NameNotPermitted { get; } = new(
        2019, "name-not-permitted", "A name is outside the name constraints of an authority above.",
        "Issue the certificate with a name inside the constraints, or issue the authority anew with wider ones.");

    /// <summary>A critical extension is not understood.</summary>
    public static RefusalReason UnknownCriticalExtension { get; } = new(
        2020, "critical-extension-unknown", "A certificate demands an extension that is not understood.",
        "Issue the certificate without that extension, or without marking it critical.");

    /// <summary>More certificates than are looked at.</summary>
    public static RefusalReason TooManyCertificates { get; } = new(
        2021, "certificates-too-many", "Too many certificates were presented.",
        "Let the device send its leaf and at most five others.");

    /// <summary>A certificate is larger than is looked at.</summary>
    public static RefusalReason TooLarge { get; } = new(
        2022, "certificate-too-large", "A certificate is larger than 16 KB.",
        "Issue the certificate with fewer names and extensions.");

    /// <summary>The bytes are not a well-formed certificate.</summary>
    public static RefusalReason Malformed { get; } = new(
        2023, "certificate-malformed", "The bytes are not a well-formed certificate.",
        "Look at it with openssl x509 -text -noout; if openssl reads it, the detail names the rule of RFC 5280 it breaks.");

    /// <summary>One extension occurs twice.</summary>
    public static RefusalReason DuplicateExtension { get; } = new(
        2024, "extension-duplicate", "A certificate has the same extension twice.",
        "Issue the certificate with each extension once.");

    /// <summary>The two places that name the signature algorithm differ.</summary>
    public static RefusalReason AlgorithmMismatch { get; } = new(
        2025, "signature-algorithm-mismatch", "A certificate names two different signature algorithms.",
        "The certificate was altered or made by faulty software: issue it again.");

    /// <summary>A certificate of X.509 version 1 or 2 stands in a chain.</summary>
    public static RefusalReason OldVersion { get; } = new(
        2026, "version-old", "A certificate in a chain is not X.509 version 3.",
        "Issue it with extensions; with openssl x509 -req add -extfile and basicConstraints=critical,CA:FALSE.");

    /// <summary>A private key was given where a certificate is wanted.</summary>
    public static RefusalReason PrivateKeyGiven { get; } = new(
        2027, "private-key-given", "This is a private key, not a certificate.",
        "Give the certificate (BEGIN CERTIFICATE) only; if the key left its device, roll it.");

    /// <summary>A signing request was given where a certificate is wanted.</summary>
    public static RefusalReason SigningRequestGiven { get; } = new(
        2028, "signing-request-given", "This is a certificate signing request, not a certificate.",
        "Have an authority sign the request and give the certificate it returns.");

    /// <summary>A PKCS #12 container was given where a certificate is wanted.</summary>
    public static RefusalReason Pkcs12Given { get; } = new(
        2029, "pkcs12-given", "This is a PKCS #12 container, not a certificate.",
        "Take the certificate out: openssl pkcs12 -in FILE -nokeys -out certificate.pem.");

    /// <summary>No certificate was found.</summary>
    public static RefusalReason NoCertificate { get; } = new(
        2030, "certificate-absent", "There is no certificate in what was given.",
        "Give one or more certificates as PEM (BEGIN CERTIFICATE), or one as DER in base64.");

    /// <summary>The text is larger than is looked at.</summary>
    public static RefusalReason TextTooLarge { get; } = new(
        2031, "certificate-text-too-large", "The text that should hold certificates is too large.",
        "Give only the certificates that are wanted.");

    /// <summary>The certificates make so many paths that the search was given up.</summary>
    public static RefusalReason SearchGivenUp { get; } = new(
        2032, "path-search-given-up", "The certificates can be joined in too many ways.",
        "Present and enroll one certificate for each authority, with key identifiers.");

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } =
    [
        Expired, NotYetValid, IssuerExpired, IssuerNotYetValid, MissingIntermediate, UnknownAuthority, ForgedIssuer, NoCommonName,
        SeveralCommonNames, InvalidCommonName, AuthorityAsLeaf, WeakKey, WeakSignature, UnsupportedAlgorithm, WrongExtendedKeyUsage,
        WrongKeyUsage, PathTooLong, NotAnAuthority, NameNotPermitted, UnknownCriticalExtension, TooManyCertificates, TooLarge, Malformed,
        DuplicateExtension, AlgorithmMismatch, OldVersion, PrivateKeyGiven, SigningRequestGiven, Pkcs12Given, NoCertificate,
        TextTooLarge, SearchGivenUp,
    ];
}
