namespace Perennial.Authority;

/// <summary>What a leaf is for.</summary>
public enum LeafPurpose
{
    /// <summary>TLS client authentication: a device.</summary>
    Client,

    /// <summary>TLS server authentication.</summary>
    Server,
}
