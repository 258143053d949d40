using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Connections;
using Perennial.Server.Http;
using Perennial.Server.Instances;
using Perennial.X509;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Amqp;

/// <summary><c>{idScope}/registrations/{id}</c>: register and poll of the provisioning service (dps-protocol §3).</summary>
internal sealed class RegistrationNode(AmqpPeer peer, string idScope, FirstReply firstReply, AnswerDevice answers) : IAmqpNode
{
    private readonly ReplyLinks _replies = new();

    public ValueTask<AttachAnswer?> AttachAsync(AttachRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(request.Address.Is("*", "registrations", "*") ? Answer(request) : null);

    private AttachAnswer Answer(AttachRequest request)
    {
        var (scope, name) = (request.Address.Path[0], request.Address.Path[2]);
        if (!string.Equals(scope, idScope, StringComparison.OrdinalIgnoreCase) || !RegistrationId.TryParse(name, out var id))
        {
            var unknown = new Refusal(ConnectionRefusals.UnknownIdScope, $"The device names '{request.Address}', this is '{idScope}'.");
            return Refuse(answers.Refuse(unknown, name));
        }

        if (peer.Plain is { } plain && !(AmqpAddress.TryParse(plain.UserName, out var named) && named.Is(scope, "registrations", name)))
        {
            var other = new Refusal(ConnectionRefusals.ClientIdMismatch, $"The user name is '{plain.UserName}', the address '{request.Address}'.");
            return Refuse(answers.Refuse(other, name));
        }

        return request.PeerSends
            ? new AttachAnswer.Receiving(new Requests(id, ProofOf(peer), firstReply, answers, _replies))
            : new AttachAnswer.Sending(_replies.Open());
    }

    private static PresentedProof ProofOf(AmqpPeer peer) =>
        PresentedProof.Of(peer.Certificates, peer.Plain?.Password, peer.Plain?.StorageRootKey);

    private static AttachAnswer.Refused Refuse(DeviceAnswer answer) => new(ErrorOf(answer));

    /// <summary>An error document as a client reads it: one takes it from the description, one from the condition.</summary>
    private static Error ErrorOf(DeviceAnswer answer)
    {
        var error = AmqpErrors.Of(ConditionOf(answer.Status), Encoding.UTF8.GetString(answer.Body.Span));
        if (answer.RetryAfter is { } wait)
        {
            error.Info[new Symbol("retry-after")] = (int)wait.TotalSeconds;
            error.Info[new Symbol("Retry-After")] = (int)wait.TotalSeconds;
        }

        return error;
    }

    private static string ConditionOf(int status) => status switch
    {
        400 => AmqpErrors.ArgumentError,
        401 => ErrorCode.UnauthorizedAccess,
        404 => ErrorCode.NotFound,
        405 or 409 => ErrorCode.NotAllowed,
        429 => AmqpErrors.Throttled,
        _ => ErrorCode.InternalError,
    };

    private sealed class Requests(
        RegistrationId id, PresentedProof proof, FirstReply firstReply, AnswerDevice answers, ReplyLinks replies) : IIncomingEndpoint
    {
        public async Task<Outcome> TakeAsync(IncomingMessage message)
        {
            var request = message.Decode();
            var answer = await AskAsync(request);
            if (answer.Status >= 300)
            {
                return new Rejected { Error = ErrorOf(answer) };
            }

            replies.Post(Reply(request, answer));
            return new Accepted();
        }

        public void Detached()
        {
            // Nothing is held for it.
        }

        private async Task<DeviceAnswer> AskAsync(Message request)
        {
            var properties = request.ApplicationProperties;
            switch (properties?["iotdps-operation-type"] as string)
            {
                case "iotdps-register" when AmqpContent.TryReadBody(request, out var body):
                    return (await answers.RegisterAsync(id, proof, body, CancellationToken.None)).AsFirst(firstReply);
                case "iotdps-get-operationstatus" when properties["iotdps-operation-id"] is string operation:
                    return await answers.PollAsync(id, proof, operation, CancellationToken.None);
                default:
                    return answers.Error(ProvisioningError.BadRequest.WithMessage("The message asks for nothing that is known here."));
            }
        }

        private static Message Reply(Message request, DeviceAnswer answer)
        {
            var reply = new Message { BodySection = new Data { Binary = answer.Body.ToArray() }, ApplicationProperties = new ApplicationProperties() };
            if (request.Properties?.GetCorrelationId() is { } correlation)
            {
                reply.Properties = new Properties();
                reply.Properties.SetCorrelationId(correlation);
            }

            // Clients differ in the spelling that they look for.
            if (answer.RetryAfter is { } wait)
            {
                reply.ApplicationProperties["retry-after"] = (int)wait.TotalSeconds;
                reply.ApplicationProperties["Retry-After"] = (int)wait.TotalSeconds;
            }

            return reply;
        }
    }
}
