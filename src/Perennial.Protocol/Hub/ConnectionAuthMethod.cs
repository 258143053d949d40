namespace Perennial.Protocol.Hub;

/// <summary>How a device authenticated, as stamped on its messages. Source: hub-protocol §1.10.</summary>
public static class ConnectionAuthMethod
{
    /// <summary>By a key of the device.</summary>
    public const string SymmetricKey = """{"scope":"device","type":"sas","issuer":"iothub"}""";

    /// <summary>By the key of a policy of the hub.</summary>
    public const string Policy = """{"scope":"hub","type":"sas","issuer":"iothub"}""";

    /// <summary>By a certificate.</summary>
    public const string X509 = """{"scope":"device","type":"x509","issuer":"iothub"}""";
}
