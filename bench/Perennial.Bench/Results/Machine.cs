using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Perennial.Bench.Results;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    public static string Describe() =>
        $"{Environment.ProcessorCount} cores ({Processor()}), {RuntimeInformation.FrameworkDescription}, {OpenSsl()}, {RuntimeInformation.OSDescription}";

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .Where(line => line.StartsWith("model name", StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
        .FirstOrDefault("unknown processor");

    private static string OpenSsl()
    {
        if (OperatingSystem.IsWindows())
        {
            return "no OpenSSL";
        }

        var version = SafeEvpPKeyHandle.OpenSslVersion;
        return $"OpenSSL {version >> 28 & 0xF}.{version >> 20 & 0xFF}.{version >> 4 & 0xFFFF}";
    }
}
