namespace Perennial.Server.Portal.Certificates;

/// <summary>What the form for a CA certificate shows.</summary>
/// <param name="Name">What was typed.</param>
/// <param name="Fault">Why it was not taken.</param>
public sealed record NewCaModel(string? Name = null, string? Fault = null);
