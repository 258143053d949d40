namespace Perennial.X509;

/// <summary>The kinds of public key that are taken.</summary>
public enum KeyKind
{
    /// <summary>ECDSA on P-256.</summary>
    P256,

    /// <summary>ECDSA on P-384.</summary>
    P384,

    /// <summary>ECDSA on P-521.</summary>
    P521,

    /// <summary>RSA with 2048 to 8192 bits.</summary>
    Rsa,
}
