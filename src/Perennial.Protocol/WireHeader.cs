namespace Perennial.Protocol;

/// <summary>Names of HTTP headers, in exactly the spelling clients look for.</summary>
/// <remarks>Source: dps-protocol §7.4 (a client compares reply names with case), hub-protocol §4.7, §8.1.</remarks>
public static class WireHeader
{
    /// <summary>The opaque place to go on from; in a reply only when more pages exist.</summary>
    public const string Continuation = "x-ms-continuation";

    /// <summary>The kind of objects on a page; on every page.</summary>
    public const string ItemType = "x-ms-item-type";

    /// <summary>The page size.</summary>
    public const string MaxItemCount = "x-ms-max-item-count";

    /// <summary>The identity of one request, a GUID.</summary>
    public const string RequestId = "x-ms-request-id";

    /// <summary>The six digits of a provisioning error.</summary>
    public const string ProvisioningErrorCode = "x-ms-error-code";

    /// <summary>The name of a hub error; it must agree with the name in the body (hub-protocol §4.7).</summary>
    public const string HubErrorCode = "iothub-errorcode";
}
