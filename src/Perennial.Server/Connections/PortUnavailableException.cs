namespace Perennial.Server.Connections;

/// <summary>A port cannot be bound; says which, why, and the remedy in one line. An I/O error, so that no other address is tried silently.</summary>
internal sealed class PortUnavailableException(ListenerShare share, string fault, Exception innerException)
    : IOException($"port {share.Port} ({share.Purpose}) {fault}, or choose another with {share.Option}.", innerException);
