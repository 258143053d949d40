using System.Globalization;
using System.Security.Cryptography;

namespace Perennial.Hub.Devices;

/// <summary>The opaque values that the registry makes.</summary>
public static class IdentityStamp
{
    private const int ETagLength = 8;

    /// <summary>A new ETag.</summary>
    public static string NewETag() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(ETagLength));

    /// <summary>A new generation id: 18 digits, later ones greater.</summary>
    public static string NewGenerationId(DateTimeOffset now) =>
        (now.UtcTicks + RandomNumberGenerator.GetInt32((int)TimeSpan.TicksPerSecond)).ToString("D18", CultureInfo.InvariantCulture);
}
