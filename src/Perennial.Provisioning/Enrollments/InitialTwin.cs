using System.Text.Json;

namespace Perennial.Provisioning.Enrollments;

/// <summary>The twin that a device starts with when it is first assigned to a hub.</summary>
/// <param name="Tags">A JSON object, or null for none.</param>
/// <param name="Desired">A JSON object of desired properties, or null for none.</param>
public sealed record InitialTwin(JsonElement? Tags, JsonElement? Desired);
