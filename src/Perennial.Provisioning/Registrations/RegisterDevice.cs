using System.Text.Json;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;

namespace Perennial.Provisioning.Registrations;

/// <summary>A registration: attest, allocate, assign. The same device asking twice gets the same operation and the same answer.</summary>
public sealed class RegisterDevice(PlanRegistration plan, AssignDevice assign, CarryOutOperation carryOut)
{
    private const int MaxAttempts = 8;

    /// <summary>
    /// Registers the device. With hubs of this process everything is on disk when this returns; what waits for others goes on, and the
    /// device is told to ask again.
    /// </summary>
    public async Task<RegistrationOutcome> RunAsync(AuthenticatedDevice device, JsonElement? payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await TryOnceAsync(device, payload, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }

        return new RegistrationOutcome.Busy();
    }

    private async Task<RegistrationOutcome?> TryOnceAsync(AuthenticatedDevice device, JsonElement? payload, CancellationToken cancellationToken)
    {
        switch (await plan.RunAsync(device, cancellationToken))
        {
            case RegistrationPlan.Refused refused:
                return new RegistrationOutcome.Refused(refused.Verdict);
            case RegistrationPlan.Taken { Allocation: AllocationPlan.Failed failed } taken:
                return await assign.FailAsync(taken.Verdict, taken.Existing, failed.Refusal, payload, operationId: null, cancellationToken);
            case RegistrationPlan.Taken { Allocation: AllocationPlan.Chosen { Device: var allocated } } taken
                when !assign.IsDistant(allocated, taken.Existing):
                return await assign.RunAsync(allocated, taken.Existing, payload, operationId: null, cancellationToken);
            case RegistrationPlan.Taken taken:
                return await carryOut.BeginAsync(device, taken, payload, cancellationToken);
            case var other:
                throw new InvalidOperationException($"Unknown plan {other.GetType().Name}.");
        }
    }
}
