using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>
/// When a device is to roll its certificate: the member <c>certificateRenewal</c> of the desired properties and of the registration's payload,
/// <c>{"certificateRenewal":{"notBefore":"2026-01-01T00:00:00Z","notAfter":"2026-01-08T00:00:00Z"}}</c>.
/// </summary>
public sealed record RollWindowDocument : IWireDocument<RollWindowDocument>
{
    /// <summary>The name of the member.</summary>
    public const string Member = "certificateRenewal";

    /// <summary>The name of the member by which a device is to go back to the certificate that it had before.</summary>
    public const string BackMember = "certificateRollBack";

    /// <inheritdoc/>
    static JsonTypeInfo<RollWindowDocument> IWireDocument<RollWindowDocument>.TypeInfo => RollingJson.Default.RollWindowDocument;

    /// <summary>The first moment.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>The last moment; not before <see cref="NotBefore"/>.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Takes the window out of the document that carries it.</summary>
    /// <param name="carrier">The desired properties or the payload; null for none.</param>
    /// <returns>The window; null when there is none or it is not one.</returns>
    public static RollWindowDocument? Find(JsonObject? carrier) => Find(carrier, Member);

    /// <summary>Takes the window in which to go back out of the document that carries it.</summary>
    /// <param name="carrier">The desired properties or the payload; null for none.</param>
    /// <returns>The window; null when there is none or it is not one.</returns>
    public static RollWindowDocument? FindBack(JsonObject? carrier) => Find(carrier, BackMember);

    /// <summary>The member as an object that carries it.</summary>
    /// <returns>A document to be merged into desired properties or a payload.</returns>
    public JsonObject ToCarrier() => new() { [Member] = JsonSerializer.SerializeToNode(this, RollingJson.Default.RollWindowDocument) };

    /// <summary>The window in which to go back as an object that carries it.</summary>
    /// <returns>A document to be merged into desired properties, or the payload of a method.</returns>
    public JsonObject ToBackCarrier() => new() { [BackMember] = JsonSerializer.SerializeToNode(this, RollingJson.Default.RollWindowDocument) };

    private static RollWindowDocument? Find(JsonObject? carrier, string name)
    {
        if (carrier?[name] is not JsonObject member)
        {
            return null;
        }

        try
        {
            var window = member.Deserialize(RollingJson.Default.RollWindowDocument);
            return window is { } found && found.NotBefore <= found.NotAfter ? found : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
