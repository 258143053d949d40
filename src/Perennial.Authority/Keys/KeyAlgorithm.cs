namespace Perennial.Authority.Keys;

/// <summary>The kinds of key pair that are made.</summary>
public enum KeyAlgorithm
{
    /// <summary>ECDSA on P-256: the default, by far the cheapest in a handshake.</summary>
    P256,

    /// <summary>ECDSA on P-384.</summary>
    P384,

    /// <summary>RSA with 2048 bits, for peers that know no curves.</summary>
    Rsa2048,

    /// <summary>RSA with 3072 bits.</summary>
    Rsa3072,
}
