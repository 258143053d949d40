using System.Diagnostics.CodeAnalysis;

namespace Perennial.Protocol.Provisioning;

/// <summary>The MQTT user name of a provisioning client: <c>{idScope}/registrations/{registrationId}/api-version={version}[&amp;ClientVersion={agent}]</c>.</summary>
/// <remarks>Split at the first three slashes only: the rest may hold slashes and parentheses. Source: dps-protocol §1.2.</remarks>
public sealed record ProvisioningUserName
{
    /// <summary>The longest user name that is read.</summary>
    public const int MaxLength = 2048;

    private const int MaxScopeLength = 128;

    private ProvisioningUserName(string idScope, RegistrationId registrationId)
    {
        IdScope = idScope;
        RegistrationId = registrationId;
    }

    /// <summary>The id scope as sent; compared without case.</summary>
    public string IdScope { get; }

    /// <summary>The registration id the client claims.</summary>
    public RegistrationId RegistrationId { get; }

    /// <summary>The version of the protocol, or null when the client left it out.</summary>
    public string? ApiVersion { get; private init; }

    /// <summary>The client's description of itself, or null.</summary>
    public string? ClientVersion { get; private init; }

    /// <summary>Whether a user name has the shape of a provisioning client's, whatever its parts hold; otherwise it is a hub client's.</summary>
    /// <param name="text">The user name as received.</param>
    /// <returns>Whether the second part is <c>registrations</c> and an id follows; a hub's device may have that name too, but then its query follows.</returns>
    public static bool LooksLikeOne(string? text)
    {
        const string Word = "registrations/";
        var rest = text.AsSpan();
        rest = rest[(rest.IndexOf('/') + 1)..];
        if (rest.Length == text?.Length || !rest.StartsWith(Word, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        rest = rest[Word.Length..];
        return !rest.IsEmpty && rest[0] != '?' && !rest.StartsWith("api-version=", StringComparison.Ordinal);
    }

    /// <summary>Reads a user name.</summary>
    /// <param name="text">The user name as received.</param>
    /// <param name="userName">The parts, when it could be read.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ProvisioningUserName? userName)
    {
        userName = null;
        if (text is null || text.Length > MaxLength)
        {
            return false;
        }

        var parts = text.Split('/', 4);
        if (parts.Length < 3
            || parts[0].Length is 0 or > MaxScopeLength
            || !parts[1].Equals("registrations", StringComparison.OrdinalIgnoreCase)
            || !RegistrationId.TryParse(Uri.UnescapeDataString(parts[2]), out var id))
        {
            return false;
        }

        var query = new WireQuery(parts.Length == 4 ? parts[3] : string.Empty);
        userName = new ProvisioningUserName(parts[0], id)
        {
            ApiVersion = query.Find(Protocol.ApiVersion.Parameter),
            ClientVersion = query.Find("ClientVersion"),
        };
        return true;
    }

    /// <summary>Writes a user name as our own clients send it.</summary>
    /// <param name="idScope">The id scope.</param>
    /// <param name="registrationId">The registration id.</param>
    /// <param name="clientVersion">The client's description of itself, not encoded.</param>
    /// <returns>The user name.</returns>
    public static string Format(string idScope, RegistrationId registrationId, string clientVersion) =>
        $"{idScope}/registrations/{registrationId}/api-version={Protocol.ApiVersion.Provisioning}&ClientVersion={Uri.EscapeDataString(clientVersion)}";
}
