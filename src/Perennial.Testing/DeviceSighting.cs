using System.Text.Json;

namespace Perennial.Testing;

/// <summary>One handshake of a device that reached a verdict, as the service saw it.</summary>
public sealed record DeviceSighting
{
    /// <summary>When, by the service's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The host name of the hub; null when the device was provisioning.</summary>
    public string? Hub { get; init; }

    /// <summary>SHA-256 of each presented certificate, in upper-case hexadecimal, leaf first; empty when there was none.</summary>
    public required IReadOnlyList<string> Chain { get; init; }

    /// <summary>The slot whose certificate took the device, <c>primary</c> or <c>secondary</c>; null when another credential did, or none.</summary>
    public string? Slot { get; init; }

    /// <summary>The number of the refusal, whose page is <c>docs/refusals/{number}.md</c>; null when the device was accepted.</summary>
    public int? Refusal { get; init; }

    /// <summary>What was found and what was expected, when the device was refused.</summary>
    public string? Explanation { get; init; }

    /// <summary>Whether the device was accepted.</summary>
    public bool IsAccepted => Refusal is null;

    internal static DeviceSighting From(JsonElement json) => new()
    {
        At = json.GetProperty("atUtc").GetDateTimeOffset(),
        Hub = Text(json, "hub"),
        Chain = [.. json.GetProperty("chain").EnumerateArray().Select(thumbprint => thumbprint.GetString()!)],
        Slot = Text(json, "slot"),
        Refusal = json.TryGetProperty("refusal", out var number) ? number.GetInt32() : null,
        Explanation = Text(json, "explanation"),
    };

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
