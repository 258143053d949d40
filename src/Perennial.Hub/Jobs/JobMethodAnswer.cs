using System.Text.Json;

namespace Perennial.Hub.Jobs;

/// <summary>What came of calling a method.</summary>
/// <param name="Answer">The status and payload of the device; null when it did not answer.</param>
/// <param name="Failure">Why there is no answer.</param>
public sealed record JobMethodAnswer(JsonElement? Answer, string? Failure);
