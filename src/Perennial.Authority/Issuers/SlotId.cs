using System.Security.Cryptography;

namespace Perennial.Authority.Issuers;

/// <summary>Makes ids of issuer slots.</summary>
public static class SlotId
{
    private const int Length = 8;

    /// <summary>Eight random letters and digits that cannot be mistaken for one another.</summary>
    public static string Make() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", Length);
}
