namespace Perennial.Server.Users;

/// <summary>What a user may do; each role may do what those before it may.</summary>
public enum UserRole
{
    /// <summary>Sees everything but secrets.</summary>
    Reader = 0,

    /// <summary>Changes enrollments, certificates and devices.</summary>
    Operator = 1,

    /// <summary>Changes users and settings too.</summary>
    Administrator = 2,
}
