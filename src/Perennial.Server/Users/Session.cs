namespace Perennial.Server.Users;

/// <summary>One browser that a user signed in with.</summary>
/// <param name="Token">SHA-256 of what the cookie holds.</param>
/// <param name="User">Who.</param>
/// <param name="Started">When it signed in.</param>
/// <param name="Seen">Its last request, to the minute.</param>
internal sealed record Session(byte[] Token, User User, DateTimeOffset Started, DateTimeOffset Seen);
