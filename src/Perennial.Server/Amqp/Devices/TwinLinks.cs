using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Perennial.Hub.Twins;
using Perennial.Server.Hubs;

namespace Perennial.Server.Amqp.Devices;

/// <summary>The twin of one device: requests on the link that it sends on, answers and notices on the other (hub-protocol §3.4).</summary>
internal sealed class TwinLinks(TwinRequests requests)
{
    private const string Reported = "/properties/reported";
    private const string Desired = "/notifications/twin/properties/desired";

    private static readonly Symbol Operation = new("operation");
    private static readonly Symbol Resource = new("resource");
    private static readonly Symbol Status = new("status");
    private static readonly Symbol Version = new("version");

    private readonly ReplyLinks _answers = new();
    private Task _last = Task.CompletedTask;
    private volatile bool _wantsNotices;

    public IOutgoingEndpoint Open(Action ended) => _answers.Open(ended: ended);

    /// <summary>Takes a request; requests are done one after the other.</summary>
    public Task<Outcome> TakeAsync(IncomingMessage message, CancellationToken ended)
    {
        var work = AnswerAsync(message, _last, ended);
        _last = work;
        return work;
    }

    public void Tell(DesiredNotice notice)
    {
        if (_wantsNotices)
        {
            var message = new Message { BodySection = new Data { Binary = TwinAnswer.Desired(notice) }, MessageAnnotations = new MessageAnnotations() };
            message.MessageAnnotations[Resource] = Desired;
            _answers.Post(message);
        }
    }

    private async Task<Outcome> AnswerAsync(IncomingMessage message, Task before, CancellationToken ended)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var request = message.Decode();
        if (!AmqpContent.TryReadBody(request, out var body) || await AskAsync(request, body, ended) is not { } answer)
        {
            return AmqpErrors.Reject(AmqpErrors.ArgumentError, "The message asks for nothing that is known here.");
        }

        _answers.Post(Reply(request, answer));
        return new Accepted();
    }

    private async Task<TwinAnswer?> AskAsync(Message request, ReadOnlyMemory<byte> body, CancellationToken ended)
    {
        switch (request.MessageAnnotations?[Operation] as string, request.MessageAnnotations?[Resource] as string)
        {
            case ("GET", _):
                return await requests.GetAsync(ended);
            case ("PATCH", Reported):
                return await requests.ReportAsync(VersionOf(request), body, ended);
            case ("PUT", Desired):
                _wantsNotices = true;
                return new TwinAnswer(204, []);
            case ("DELETE", Desired):
                _wantsNotices = false;
                return new TwinAnswer(204, []);
            default:
                return null;
        }
    }

    private static long? VersionOf(Message request) =>
        request.MessageAnnotations[Version] is IConvertible version and not string
            ? version.ToInt64(System.Globalization.CultureInfo.InvariantCulture)
            : null;

    private static Message Reply(Message request, TwinAnswer answer)
    {
        var reply = new Message
        {
            BodySection = new Data { Binary = answer.Body },
            Properties = new Properties(),
            MessageAnnotations = new MessageAnnotations(),
        };
        if (request.Properties?.GetCorrelationId() is { } correlation)
        {
            reply.Properties.SetCorrelationId(correlation);
        }

        reply.MessageAnnotations[Status] = answer.Status;
        if (answer.Version is { } version)
        {
            reply.MessageAnnotations[Version] = version;
        }

        return reply;
    }
}
