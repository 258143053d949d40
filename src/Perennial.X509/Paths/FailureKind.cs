namespace Perennial.X509.Paths;

/// <summary>How an attempt to build a path failed, the least telling first.</summary>
internal enum FailureKind
{
    /// <summary>No certificate above was found, or none whose key made the signature.</summary>
    DeadEnd,

    /// <summary>A certificate above by name could not even be tried: its key, or the signature to verify, is too weak.</summary>
    NotTried,

    /// <summary>The issuer was found, but may not issue.</summary>
    RuleOfIssuer,

    /// <summary>An anchor was reached, but may not issue.</summary>
    RuleOfAnchor,
}
