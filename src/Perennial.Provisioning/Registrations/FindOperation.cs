using Perennial.Provisioning.Attestation;
using Perennial.X509;

namespace Perennial.Provisioning.Registrations;

/// <summary>What became of an operation, for the device that began it: the same leaf, still valid.</summary>
public sealed class FindOperation(IRegistrationStore registrations, ChainPolicy policy, TimeProvider time)
{
    /// <returns>The record; null when the device has no such operation, or comes with another leaf than the one that registered.</returns>
    public async Task<Registration?> RunAsync(AuthenticatedDevice device, string operationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        var registration = await registrations.FindAsync(device.RegistrationId, cancellationToken);
        var isItsOwn = registration is not null
            && (string.Equals(operationId, registration.OperationId, StringComparison.Ordinal)
                || string.Equals(operationId, registration.PreviousOperationId, StringComparison.Ordinal))
            && registration.Leaf == device.Chain.Leaf.Thumbprint
            && policy.CheckLeaf(device.Chain.Leaf, time.GetUtcNow()) is null;
        return isItsOwn ? registration : null;
    }
}
