using System.Text.Json;

namespace Perennial.Provisioning.Allocation;

/// <summary>What a device identity takes along when it moves between hubs that share no storage.</summary>
/// <param name="IsEnabled">A disabled identity stays disabled wherever it goes.</param>
/// <param name="Tags">The JSON object of its tags.</param>
/// <param name="Desired">Its desired properties, without metadata.</param>
/// <param name="Reported">Its reported properties, without metadata.</param>
public sealed record CarriedDevice(bool IsEnabled, JsonElement Tags, JsonElement Desired, JsonElement Reported);
