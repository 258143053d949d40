using System.Diagnostics.CodeAnalysis;

namespace Perennial.Protocol;

/// <summary>The <c>api-version</c> of a request. Every text is accepted and served by the newest behaviour; only a missing one is an error.</summary>
/// <remarks>Source: dps-protocol §0. The hub ignores the value altogether (hub-protocol §1.1, §4).</remarks>
public static class ApiVersion
{
    /// <summary>The name of the query parameter.</summary>
    public const string Parameter = "api-version";

    /// <summary>What our own clients send to the device API of the provisioning service.</summary>
    public const string Provisioning = "2021-06-01";

    /// <summary>What our own clients send to the service API of the provisioning service.</summary>
    public const string ProvisioningService = "2021-10-01";

    /// <summary>What our own clients send to the hub.</summary>
    public const string Hub = "2021-04-12";

    /// <summary>What a client sends to the device API of the provisioning service when it asks for a certificate (dps-protocol §10).</summary>
    public const string ProvisioningCertificates = "2025-07-01-preview";

    /// <summary>What a client sends to the hub when it may ask for a certificate (hub-protocol §7).</summary>
    public const string HubCertificates = "2025-08-01-preview";

    private const int MaxLength = 64;

    /// <summary>Whether a version is given and of sensible length.</summary>
    /// <param name="text">The value of <c>api-version</c>, or null.</param>
    /// <returns>Whether the request may go on.</returns>
    public static bool IsAccepted([NotNullWhen(true)] string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= MaxLength;
}
