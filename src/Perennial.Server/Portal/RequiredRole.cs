using Perennial.Server.Users;

namespace Perennial.Server.Portal;

/// <summary>Metadata of an endpoint: who may come.</summary>
/// <param name="Least">Null lets everybody in.</param>
internal sealed record RequiredRole(UserRole? Least);
