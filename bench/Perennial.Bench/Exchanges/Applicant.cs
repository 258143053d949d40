using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench.Exchanges;

/// <summary>A device that will provision once.</summary>
internal sealed record Applicant(string Id, DeviceCredential Credential);
