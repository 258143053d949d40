namespace Perennial.Server.Portal.Overview;

/// <summary>How often one reason was given.</summary>
public sealed record RefusalLine(int Number, string Name, string Title, long Count);
