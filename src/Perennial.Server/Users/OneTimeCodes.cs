using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Perennial.Server.Users;

/// <summary>Time-based one-time codes (RFC 6238) as every authenticator app makes them: SHA-1, six digits, thirty seconds.</summary>
internal sealed class OneTimeCodes
{
    public const int Digits = 6;

    /// <summary>How long one code is shown.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    private const int SecretLength = 20;
    private const int Modulus = 1_000_000;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private readonly byte[] _secret;

    public OneTimeCodes(byte[] secret) => _secret = secret;

    public static OneTimeCodes Fresh() => new(RandomNumberGenerator.GetBytes(SecretLength));

    public byte[] ToArray() => [.. _secret];

    /// <summary>The secret in base32, in groups of four, to be typed.</summary>
    public string Text => string.Join(' ', Base32().Chunk(4).Select(chunk => new string(chunk)));

    /// <summary>The secret as authenticator apps read it from a picture.</summary>
    public string UriFor(string user, string issuer) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(user)}?secret={Base32()}&issuer={Uri.EscapeDataString(issuer)}";

    public static long StepAt(DateTimeOffset at) => at.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    /// <summary>The step of which this is the code: the current one or one beside it, for clocks that differ; null when it is none.</summary>
    public long? Match(string code, DateTimeOffset now)
    {
        var digits = Encoding.ASCII.GetBytes(string.Concat(code.Where(char.IsAsciiDigit).Take(Digits + 1)));
        long? found = null;
        foreach (var offset in (ReadOnlySpan<int>)[-1, 0, 1])
        {
            var step = StepAt(now) + offset;
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeOf(step)), digits))
            {
                found = step;
            }
        }

        return found;
    }

    public string CodeOf(long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238 as authenticator apps implement it; HMAC does not rest on collisions.
        HMACSHA1.HashData(_secret, counter, mac);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(mac[(mac[^1] & 0xf)..]) & 0x7fff_ffff;
        return (number % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    private string Base32()
    {
        var text = new StringBuilder();
        var (bits, held) = (0, 0);
        foreach (var octet in _secret)
        {
            bits = (bits << 8) | octet;
            for (held += 8; held >= 5; held -= 5)
            {
                text.Append(Alphabet[(bits >> (held - 5)) & 31]);
            }

            bits &= (1 << held) - 1;
        }

        return (held == 0 ? text : text.Append(Alphabet[(bits << (5 - held)) & 31])).ToString();
    }
}
