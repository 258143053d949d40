using Perennial.X509;

namespace Perennial.Server.Fleet;

/// <summary>With what the devices of an enrollment were last accepted.</summary>
/// <param name="Devices">Devices registered through it that were looked at.</param>
/// <param name="IsAll">Whether these are all.</param>
/// <param name="ByAnchor">How many were last accepted by each certificate; who was never seen is in none.</param>
internal sealed record EnrollmentUse(int Devices, bool IsAll, IReadOnlyDictionary<Thumbprint, int> ByAnchor)
{
    public int Of(Thumbprint? anchor) => anchor is { } known ? ByAnchor.GetValueOrDefault(known) : 0;
}
