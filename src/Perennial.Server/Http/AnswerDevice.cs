using System.Text.Json;
using Microsoft.Extensions.Logging;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Connections;
using Perennial.Server.Limits;
using Perennial.Server.Logging;
using Perennial.Server.Storage;
using Perennial.X509;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Http;

/// <summary>The requests of a device to the provisioning service, whichever transport brings them: who asks, what comes of it, what it is told.</summary>
internal sealed partial class AnswerDevice(
    AuthenticatePeer authenticate,
    RegisterDevice register,
    FindOperation operations,
    RefusalLedger refusals,
    Throttle<ProvisioningOperation> limits,
    ILogger<AnswerDevice> logger,
    TimeProvider time)
{
    /// <summary>Registers the device, in the form that answers at once when it is done.</summary>
    public async Task<DeviceAnswer> RegisterAsync(
        RegistrationId announced, PresentedProof presented, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!limits.TryPass(ProvisioningOperation.Register, out var wait))
        {
            return Throttle(ProvisioningOperation.Register, wait, announced);
        }

        if (!RegistrationRequest.TryParse(body.Span, out var request))
        {
            return Error(ProvisioningError.BadRequest.WithMessage("The request body cannot be read."));
        }

        if (request.RegistrationId is { } id && !string.Equals(id, announced.Value, StringComparison.OrdinalIgnoreCase))
        {
            return Error(ProvisioningError.BadRequest.WithMessage("The registration id of the body is not the one of the connection."));
        }

        return await GuardAsync(async () =>
        {
            var (device, refusal) = await authenticate.RunAsync(announced, presented, cancellationToken);
            return device is null
                ? Refuse(refusal!)
                : Answer(await register.RunAsync(device, PayloadOf(request), cancellationToken));
        });
    }

    /// <summary>Tells what became of an operation.</summary>
    public Task<DeviceAnswer> PollAsync(
        RegistrationId announced, PresentedProof presented, string operationId, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            if (!limits.TryPass(ProvisioningOperation.Poll, announced.Value, out var wait))
            {
                return Throttle(ProvisioningOperation.Poll, wait, announced);
            }

            var (device, refusal) = await authenticate.RunAsync(announced, presented, cancellationToken);
            if (device is null)
            {
                return Refuse(refusal!);
            }

            return await operations.RunAsync(device, operationId, cancellationToken) switch
            {
                OperationOutcome.Found { Registration: var registration } => Ended(registration, operationId),
                OperationOutcome.Refused { Verdict: var verdict } => Refuse(verdict),
                _ => Error(ProvisioningError.OperationNotFound),
            };
        });

    /// <summary>Tells the device its registration, when it comes with the credential that registered.</summary>
    public Task<DeviceAnswer> LookUpAsync(RegistrationId announced, PresentedProof presented, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var (device, refusal) = await authenticate.RunAsync(announced, presented, cancellationToken);
            if (device is null)
            {
                return Refuse(refusal!);
            }

            return await operations.RunAsync(device, operationId: null, cancellationToken) switch
            {
                OperationOutcome.Found { Registration: var registration } => new DeviceAnswer(200, WireJson.ToUtf8(RegistrationResults.From(registration))),
                OperationOutcome.Refused { Verdict: var verdict } => Refuse(verdict),
                _ => Error(ProvisioningError.NotFound),
            };
        });

    public DeviceAnswer Error(ProvisioningError error, TimeSpan? retryAfter = null) =>
        new(error.HttpStatus, WireJson.ToUtf8(error.ToDocument(Guid.NewGuid(), time.GetUtcNow())), retryAfter) { ErrorCode = error.Code };

    /// <summary>Tells a device that it is refused, and counts it.</summary>
    public DeviceAnswer Refuse(Refusal refusal, string device)
    {
        refusals.Note(refusal, device);
        return Refuse(refusal);
    }

    private DeviceAnswer Throttle(ProvisioningOperation operation, TimeSpan wait, RegistrationId announced)
    {
        refusals.Note(LimitRefusals.Rate(operation, wait), announced.Value);
        return Error(ProvisioningError.Throttled, Protocol.Provisioning.RetryAfter.Clamp(wait));
    }

    private DeviceAnswer Refuse(Refusal refusal) => Error(RefusalWire.Of(refusal.Reason));

    private DeviceAnswer Refuse(AttestationVerdict.Refused verdict)
    {
        refusals.Note(verdict.Refusal, verdict.RegistrationId.Value);
        return verdict.Refusal.Reason == AttestationRefusals.EnrollmentDisabled ? Disabled(verdict.RegistrationId) : Refuse(verdict.Refusal);
    }

    private DeviceAnswer Answer(RegistrationOutcome outcome)
    {
        switch (outcome)
        {
            case RegistrationOutcome.Assigned assigned:
                return Ended(assigned.Registration, assigned.Registration.OperationId);
            case RegistrationOutcome.Failed failed:
                return Ended(failed.Registration, failed.Registration.OperationId);
            case RegistrationOutcome.Busy:
                return Error(ProvisioningError.Throttled, Protocol.Provisioning.RetryAfter.Usual);
            case RegistrationOutcome.Refused { Verdict: var verdict }:
                return Refuse(verdict);
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}.");
        }
    }

    private static DeviceAnswer Ended(Registration registration, string operationId) =>
        new(200, WireJson.ToUtf8(RegistrationOperationStatus.Ended(operationId, RegistrationResults.From(registration)))) { OperationId = operationId };

    private static DeviceAnswer Disabled(RegistrationId id) =>
        new(200, WireJson.ToUtf8(RegistrationOperationStatus.Disabled(Protocol.Provisioning.RegistrationId.Parse(id.Value, null))));

    private static JsonElement? PayloadOf(RegistrationRequest request)
    {
        if (request.Payload is not { } payload)
        {
            return null;
        }

        using var document = JsonDocument.Parse(payload.ToJsonString());
        return document.RootElement.Clone();
    }

    private async Task<DeviceAnswer> GuardAsync(Func<Task<DeviceAnswer>> work)
    {
        try
        {
            return await work();
        }
        catch (StorageUnavailableException)
        {
            return Error(ProvisioningError.Unavailable, StorageUnavailableException.RetryAfter);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception);
            return Error(ProvisioningError.Internal);
        }
    }

    [LoggerMessage(LogIds.RequestFailed, LogLevel.Error, "A request of a device failed here")]
    private partial void LogFailed(Exception exception);
}
