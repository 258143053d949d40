namespace Perennial.Server.Portal.Hubs;

/// <summary>What the page of one hub shows.</summary>
/// <param name="Hub">It.</param>
/// <param name="MayChange">Whether the user changes it.</param>
/// <param name="Fault">Why a change was not taken.</param>
public sealed record HubModel(HubLine Hub, bool MayChange, string? Fault = null);
