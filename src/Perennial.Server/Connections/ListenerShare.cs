namespace Perennial.Server.Connections;

/// <summary>What one listener may take of the connection budget, so that none starves the others.</summary>
/// <param name="Port">The TCP port.</param>
/// <param name="Purpose">What it serves, for messages.</param>
/// <param name="Option">The command-line option that moves it.</param>
/// <param name="Fraction">The share, 0 to 1.</param>
internal sealed record ListenerShare(int Port, string Purpose, string Option, double Fraction);
