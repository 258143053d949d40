namespace Perennial.Server.Users;

/// <summary>What became of a wish to change a user.</summary>
internal enum UserChange
{
    Done,
    NotFound,

    /// <summary>Nobody would be left who may change users.</summary>
    LastAdministrator,
}
