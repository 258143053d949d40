using System.Text.Json;
using Perennial.Provisioning;

namespace Perennial.Testing;

/// <summary>The keys of an enrollment, in base64.</summary>
/// <param name="Primary">The primary key.</param>
/// <param name="Secondary">The secondary key.</param>
public sealed record SymmetricKeys(string Primary, string Secondary)
{
    /// <summary>The keys of one device, when these are its group's.</summary>
    /// <param name="registrationId">The device.</param>
    /// <returns>What a factory would put into the device.</returns>
    public SymmetricKeys DeriveFor(string registrationId) => new(Derive(Primary, registrationId), Derive(Secondary, registrationId));

    /// <summary>That there are keys; not the keys, which have no place in logs.</summary>
    /// <returns>The same for all keys.</returns>
    public override string ToString() => nameof(SymmetricKeys);

    internal static SymmetricKeys From(JsonElement enrollment)
    {
        var keys = enrollment.GetProperty("attestation").GetProperty("symmetricKey");
        return new(keys.GetProperty("primaryKey").GetString()!, keys.GetProperty("secondaryKey").GetString()!);
    }

    private static string Derive(string groupKey, string registrationId) =>
        SymmetricKey.TryParse(groupKey, out var key)
            ? key.Derive(registrationId).ToBase64()
            : throw new FormatException("An enrollment's key is base64 of 16 to 64 bytes.");
}
