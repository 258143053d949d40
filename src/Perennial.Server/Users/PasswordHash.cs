using System.Globalization;
using System.Security.Cryptography;

namespace Perennial.Server.Users;

/// <summary>A password as it is kept: PBKDF2 with SHA-512, its iterations and its salt beside it.</summary>
internal sealed class PasswordHash
{
    /// <summary>What OWASP asks of PBKDF2 with SHA-512.</summary>
    public const int Iterations = 210_000;

    /// <summary>Shorter passwords are not taken (NIST SP 800-63B).</summary>
    public const int MinLength = 12;

    /// <summary>Longer ones neither, so that nobody makes the server hash for long.</summary>
    public const int MaxLength = 256;

    private const string Scheme = "pbkdf2-sha512";
    private const int SaltLength = 16;
    private const int HashLength = 32;

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        _iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>Matches no password, and takes as long to say so as any other.</summary>
    public static PasswordHash OfNobody { get; } = new(Iterations, new byte[SaltLength], new byte[HashLength]);

    public static PasswordHash Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new PasswordHash(Iterations, salt, Derive(password, salt, Iterations));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static PasswordHash Parse(string text)
    {
        var parts = text.Split('$');
        return parts is [Scheme, var iterations, var salt, var hash]
            ? new PasswordHash(int.Parse(iterations, CultureInfo.InvariantCulture), Convert.FromBase64String(salt), Convert.FromBase64String(hash))
            : throw new FormatException("The stored password is no hash of a kind that is known here.");
    }

    public bool Matches(string password) =>
        password.Length <= MaxLength && CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations), _hash);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Scheme}${_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}");

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password.Normalize(NormalizationForm.FormC), salt, iterations, HashAlgorithmName.SHA512, HashLength);
}
