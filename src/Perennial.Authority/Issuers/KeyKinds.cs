namespace Perennial.Authority.Issuers;

/// <summary>Kinds of key that a profile issues certificates for.</summary>
[Flags]
public enum KeyKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>ECDSA on P-256.</summary>
    P256 = 1,

    /// <summary>ECDSA on P-384.</summary>
    P384 = 2,

    /// <summary>RSA with 2048 bits or more, but less than 3072.</summary>
    Rsa2048 = 4,

    /// <summary>RSA with 3072 bits or more.</summary>
    Rsa3072 = 8,

    /// <summary>Every kind.</summary>
    All = P256 | P384 | Rsa2048 | Rsa3072,
}
