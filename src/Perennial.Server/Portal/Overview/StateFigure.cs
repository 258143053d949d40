namespace Perennial.Server.Portal.Overview;

/// <summary>How many devices are in a state.</summary>
/// <param name="Name">The state in words.</param>
/// <param name="Tone">The color of its dot.</param>
/// <param name="Count">Devices.</param>
/// <param name="Meaning">What the state says.</param>
/// <param name="Path">Their list.</param>
public sealed record StateFigure(string Name, string Tone, long Count, string Meaning, string Path);
