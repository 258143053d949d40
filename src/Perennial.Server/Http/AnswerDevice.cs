using System.Text.Json;
using Microsoft.Extensions.Logging;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Issuance;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tpm;
using Perennial.Server.Connections;
using Perennial.Server.Limits;
using Perennial.Server.Logging;
using Perennial.Server.Metrics;
using Perennial.Server.Rolls;
using Perennial.Server.Storage;
using Perennial.X509;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Http;

/// <summary>The requests of a device to the provisioning service, whichever transport brings them: who asks, what comes of it, what it is told.</summary>
internal sealed partial class AnswerDevice(
    AuthenticatePeer authenticate,
    RegisterDevice register,
    FindOperation operations,
    ObtainLeaf obtain,
    ChallengeTpm tpm,
    TellWindow windows,
    RefusalLedger refusals,
    Throttle<ProvisioningOperation> limits,
    Measures measures,
    ILogger<AnswerDevice> logger,
    TimeProvider time)
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromHours(1);

    /// <summary>Registers the device, in the form that answers at once when it is done.</summary>
    public async Task<DeviceAnswer> RegisterAsync(
        RegistrationId announced, PresentedProof presented, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var answer = await AnswerRegisterAsync(announced, presented, body, cancellationToken);
        measures.Registered(answer.Result, answer.Reason?.Name);
        return answer;
    }

    private async Task<DeviceAnswer> AnswerRegisterAsync(
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
            if (presented.IsEmpty && request.Tpm is { EndorsementKey: not null } keys)
            {
                return await ChallengeAsync(announced, keys, cancellationToken);
            }

            CertificateSigningRequest? signing = null;
            if (request.Csr is { } text && !CertificateSigningRequest.TryParse(text, out signing, out var unreadable))
            {
                return NotIssued(unreadable, announced);
            }

            var storageRootKey = TpmPublic.TryParse(request.Tpm?.StorageRootKey, out var shown)
                ? shown
                : (presented as PresentedProof.Token)?.StorageRootKey;
            var (device, refusal) = await authenticate.RunAsync(announced, presented, storageRootKey, cancellationToken);
            return device is null
                ? Refuse(refusal!)
                : await AnswerAsync(await register.RunAsync(device, PayloadOf(request), signing, cancellationToken), announced, cancellationToken);
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

            var (device, refusal) = await authenticate.RunAsync(announced, presented, storageRootKey: null, cancellationToken);
            if (device is null)
            {
                return Refuse(refusal!);
            }

            return await operations.RunAsync(device, operationId, cancellationToken) switch
            {
                OperationOutcome.Found found => await EndedAsync(found.Registration, found.Issued, operationId, cancellationToken),
                OperationOutcome.Assigning => Assigning(operationId, announced),
                OperationOutcome.Refused { Verdict: var verdict } => Refuse(verdict),
                _ => Error(ProvisioningError.OperationNotFound),
            };
        });

    /// <summary>Places the certificate that a device brings in the free slot of its own enrollment.</summary>
    public Task<DeviceAnswer> PlaceAsync(
        RegistrationId announced, PresentedProof presented, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            if (!limits.TryPass(ProvisioningOperation.Register, out var wait))
            {
                return Throttle(ProvisioningOperation.Register, wait, announced);
            }

            if (!WireJson.TryParse<OwnCertificateDocument>(body.Span, out var document, out var fault))
            {
                return Error(ProvisioningError.BadRequest.WithMessage(fault));
            }

            if (!Pem.TryReadCertificates(document.Certificate, out var certificates, out var refusal)
                || !CertificateSigningRequest.TryParse(document.Csr, out var proof, out refusal))
            {
                return NotIssued(refusal, announced);
            }

            var (device, unauthorized) = await authenticate.RunAsync(announced, presented, storageRootKey: null, cancellationToken);
            if (device is null)
            {
                return Refuse(unauthorized!);
            }

            var (outcome, refused) = await obtain.PlaceAsync(device, certificates[0], proof, cancellationToken);
            return outcome switch
            {
                LeafOutcome.Issued => new DeviceAnswer(200, WireJson.ToUtf8(document)),
                LeafOutcome.Later later => NotYetIssued(later.Refusal, later.RetryAfter, announced),
                LeafOutcome.Refused not => NotIssued(not.Refusal, announced),
                _ => Refuse(refused!),
            };
        });

    /// <summary>Tells the device its registration, when it comes with the credential that registered.</summary>
    public Task<DeviceAnswer> LookUpAsync(RegistrationId announced, PresentedProof presented, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var (device, refusal) = await authenticate.RunAsync(announced, presented, storageRootKey: null, cancellationToken);
            if (device is null)
            {
                return Refuse(refusal!);
            }

            return await operations.RunAsync(device, operationId: null, cancellationToken) switch
            {
                OperationOutcome.Found { Registration: var registration } =>
                    new DeviceAnswer(200, WireJson.ToUtf8(await ResultAsync(registration, issued: null, cancellationToken))),
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
        var refusal = LimitRefusals.Rate(operation, wait);
        refusals.Note(refusal, announced.Value);
        return Error(ProvisioningError.Throttled, Protocol.Provisioning.RetryAfter.Clamp(wait)) with { Reason = refusal.Reason };
    }

    private DeviceAnswer Refuse(Refusal refusal) => Error(RefusalWire.Of(refusal.Reason)) with { Reason = refusal.Reason };

    private DeviceAnswer Refuse(AttestationVerdict.Refused verdict)
    {
        refusals.Note(verdict.Refusal, verdict.RegistrationId.Value);
        return verdict.Refusal.Reason == AttestationRefusals.EnrollmentDisabled
            ? Disabled(verdict.RegistrationId) with { Reason = verdict.Refusal.Reason }
            : Refuse(verdict.Refusal);
    }

    private async Task<DeviceAnswer> AnswerAsync(RegistrationOutcome outcome, RegistrationId announced, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case RegistrationOutcome.Assigned assigned:
                return await EndedAsync(assigned.Registration, assigned.Issued, assigned.Registration.OperationId, cancellationToken);
            case RegistrationOutcome.Failed failed:
                return await EndedAsync(failed.Registration, issued: null, failed.Registration.OperationId, cancellationToken) with { Reason = failed.Refusal.Reason };
            case RegistrationOutcome.Assigning assigning:
                return Assigning(assigning.OperationId, announced);
            case RegistrationOutcome.NotIssued { Refusal: var refusal }:
                return NotIssued(refusal, announced);
            case RegistrationOutcome.NotYetIssued later:
                return NotYetIssued(later.Refusal, later.RetryAfter, announced);
            case RegistrationOutcome.Busy:
                return Error(ProvisioningError.Throttled, Protocol.Provisioning.RetryAfter.Usual);
            case RegistrationOutcome.Refused { Verdict: var verdict }:
                return Refuse(verdict);
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}.");
        }
    }

    private DeviceAnswer NotIssued(Refusal refusal, RegistrationId device)
    {
        refusals.Note(refusal, device.Value);
        return Error(ProvisioningError.BadRequest.WithMessage($"{refusal.Reason.Title} ({refusal.Reason.Number})")) with { Reason = refusal.Reason };
    }

    private DeviceAnswer NotYetIssued(Refusal refusal, TimeSpan retryAfter, RegistrationId device)
    {
        refusals.Note(refusal, device.Value);
        if (refusal.Reason == DrainRefusals.NotItsTurn)
        {
            // A whole fleet waits: it is told how long, and not to come back all the time.
            return Error(ProvisioningError.Throttled, TimeSpan.FromSeconds(Math.Ceiling(retryAfter < LongestTurn ? retryAfter.TotalSeconds : LongestTurn.TotalSeconds)))
                with
            { Reason = refusal.Reason };
        }

        return Error(ProvisioningError.Unavailable, Protocol.Provisioning.RetryAfter.Clamp(retryAfter)) with { Reason = refusal.Reason };
    }

    private async Task<DeviceAnswer> EndedAsync(
        Registration registration, IssuedLeaf? issued, string operationId, CancellationToken cancellationToken)
    {
        var result = await ResultAsync(registration, issued, cancellationToken) with
        {
            IssuedCertificateChain = issued is null ? null : [.. issued.Chain.Select(certificate => Convert.ToBase64String(certificate.Der.Span))],
        };
        return new(200, WireJson.ToUtf8(RegistrationOperationStatus.Ended(operationId, result))) { OperationId = operationId };
    }

    // A device with a TPM is given its key again, wrapped anew; one that a roll waits for, or that is given a leaf, is told when to roll.
    private async Task<DeviceRegistrationResult> ResultAsync(Registration registration, IssuedLeaf? issued, CancellationToken cancellationToken)
    {
        var blob = registration is { Status: Provisioning.Registrations.RegistrationStatus.Assigned, StorageRootKey: { } storageRootKey }
            ? await tpm.WrapAsync(registration.Id, storageRootKey, cancellationToken)
            : null;
        var window = await windows.RunAsync(registration, issued, cancellationToken);
        var result = RegistrationResults.From(registration);
        return result with
        {
            Payload = RegistrationResults.WithWindow(result.Payload, window),
            Tpm = blob is { } wrapped ? new TpmRegistrationResult { AuthenticationKey = Convert.ToBase64String(wrapped.Span) } : null,
        };
    }

    private async Task<DeviceAnswer> ChallengeAsync(RegistrationId announced, TpmKeys keys, CancellationToken cancellationToken)
    {
        switch (await tpm.RunAsync(announced, keys.EndorsementKey, keys.StorageRootKey, cancellationToken))
        {
            case TpmChallenge.Posed posed:
                return new DeviceAnswer(401, WireJson.ToUtf8(new TpmChallengeDocument { AuthenticationKey = Convert.ToBase64String(posed.Blob.Span) }));
            case TpmChallenge.Refused { Refusal: var refusal }:
                return Refuse(refusal, announced.Value);
            case var other:
                throw new InvalidOperationException($"Unknown challenge {other.GetType().Name}.");
        }
    }

    private static DeviceAnswer Assigning(string operationId, RegistrationId id) => new(
        202,
        WireJson.ToUtf8(RegistrationOperationStatus.Assigning(operationId, Protocol.Provisioning.RegistrationId.Parse(id.Value, null))),
        Protocol.Provisioning.RetryAfter.Usual);

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
