namespace Perennial.Server.Portal.Overview;

/// <summary>An address that devices or tools are given.</summary>
/// <param name="Name">What answers there.</param>
/// <param name="Text">The address.</param>
/// <param name="Note">What is to be known of it; may be empty.</param>
public sealed record EndpointLine(string Name, string Text, string Note);
