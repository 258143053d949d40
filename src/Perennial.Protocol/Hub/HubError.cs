namespace Perennial.Protocol.Hub;

/// <summary>An error of the hub as the wire knows it: HTTP status, six-digit code, and the name that header and body must agree on.</summary>
/// <remarks>Source: hub-protocol §4.7, §6.5.</remarks>
public sealed record HubError
{
    /// <summary>The hub does not do what is asked for.</summary>
    public static readonly HubError InvalidOperation = new(400, 400003, "InvalidOperation");

    /// <summary>An argument is not acceptable.</summary>
    public static readonly HubError ArgumentInvalid = new(400, 400004, "ArgumentInvalid");

    /// <summary>The body cannot be read.</summary>
    public static readonly HubError FormatError = new(400, 400006, "IotHubFormatError");

    /// <summary>Some of a bulk operation failed.</summary>
    public static readonly HubError BulkRegistryOperationFailure = new(400, 400013, "BulkRegistryOperationFailure");

    /// <summary>A token does not verify or lacks the right.</summary>
    public static readonly HubError UnauthorizedAccess = new(401, 401002, "IotHubUnauthorizedAccess");

    /// <summary>A device's credential is refused, for whatever reason.</summary>
    public static readonly HubError Unauthorized = new(401, 401003, "IotHubUnauthorized");

    /// <summary>The quota is used up.</summary>
    public static readonly HubError QuotaExceeded = new(403, 403002, "IotHubQuotaExceeded");

    /// <summary>The device's certificate is drained: it may obtain a new one, and nothing else.</summary>
    public static readonly HubError CertificateDrained = new(403, 403016, "CertificateDrained");

    /// <summary>The queue of the device is full.</summary>
    public static readonly HubError QueueFull = new(403, 403004, "DeviceMaximumQueueDepthExceeded");

    /// <summary>No device of this id, on calls of a service.</summary>
    public static readonly HubError DeviceNotFound = new(404, 404001, "DeviceNotFound");

    /// <summary>No module of this id on the device, on calls of a service.</summary>
    public static readonly HubError ModuleNotFound = new(404, 404010, "ModuleNotFound");

    /// <summary>There is no such thing, other than a device or module.</summary>
    public static readonly HubError NotFound = new(404, 404000, "NotFound");

    /// <summary>No job of this id.</summary>
    public static readonly HubError JobNotFound = new(404, 404002, "JobNotFound");

    /// <summary>A method was called on a device that is not connected.</summary>
    public static readonly HubError DeviceNotOnline = new(404, 404103, "DeviceNotOnline");

    /// <summary>The path does not take this method.</summary>
    public static readonly HubError MethodNotAllowed = new(405, 405001, "InvalidOperation");

    /// <summary>The device exists already.</summary>
    public static readonly HubError DeviceAlreadyExists = new(409, 409001, "DeviceAlreadyExists");

    /// <summary>The module exists already on the device.</summary>
    public static readonly HubError ModuleAlreadyExists = new(409, 409301, "ModuleAlreadyExistsOnDevice");

    /// <summary>A job of this id exists already.</summary>
    public static readonly HubError JobAlreadyExists = new(409, 409002, "JobAlreadyExists");

    /// <summary>The entity tag is missing or not the stored one.</summary>
    public static readonly HubError PreconditionFailed = new(412, 412001, "PreconditionFailed");

    /// <summary>A message was settled after its lock had ended.</summary>
    public static readonly HubError DeviceMessageLockLost = new(412, 412002, "DeviceMessageLockLost");

    /// <summary>A message, twin section or body is too large.</summary>
    public static readonly HubError MessageTooLarge = new(413, 413001, "MessageTooLarge");

    /// <summary>Too many devices in one request.</summary>
    public static readonly HubError TooManyDevices = new(413, 413002, "TooManyDevices");

    /// <summary>Too many modules on the device.</summary>
    public static readonly HubError TooManyModules = new(413, 413003, "TooManyModulesOnDevice");

    /// <summary>Too many requests.</summary>
    public static readonly HubError Throttled = new(429, 429001, "ThrottlingException");

    /// <summary>The fault is ours.</summary>
    public static readonly HubError ServerError = new(500, 500001, "ServerError");

    /// <summary>The hub does not do this.</summary>
    public static readonly HubError NotSupported = new(501, 501001, "NotSupported");

    /// <summary>A device answered a method with what is no answer.</summary>
    public static readonly HubError BadDeviceResponse = new(502, 502001, "BadDeviceResponse");

    /// <summary>Not now; try again.</summary>
    public static readonly HubError ServiceUnavailable = new(503, 503001, "ServiceUnavailable");

    /// <summary>A device did not answer a method in time.</summary>
    public static readonly HubError GatewayTimeout = new(504, 504101, "GatewayTimeout");

    private HubError(int httpStatus, int code, string name)
    {
        HttpStatus = httpStatus;
        Code = code;
        Name = name;
    }

    /// <summary>The HTTP status.</summary>
    public int HttpStatus { get; }

    /// <summary>Six digits.</summary>
    public int Code { get; }

    /// <summary>The name; the value of the header <see cref="WireHeader.HubErrorCode"/>.</summary>
    public string Name { get; }

    /// <summary>The body of an HTTP reply: <c>ErrorCode:{Name};{detail}</c>.</summary>
    /// <param name="detail">What the caller may know, for instance the device id.</param>
    /// <param name="trackingId">The GUID by which the operator finds the refusal.</param>
    /// <param name="at">When it happened.</param>
    /// <returns>The body.</returns>
    public HubErrorEnvelope ToEnvelope(string detail, Guid trackingId, DateTimeOffset at) => new()
    {
        Message = detail.Length == 0 ? $"ErrorCode:{Name}" : $"ErrorCode:{Name};{detail}",
        ExceptionMessage = $"Tracking ID:{trackingId:D}-G:0-TimeStamp:{WireTime.Format(at)}",
    };

    /// <summary>The body of an error answer to a device's twin request. A client takes a body without a code for success.</summary>
    /// <param name="message">What the device may know.</param>
    /// <param name="trackingId">The GUID by which the operator finds the refusal.</param>
    /// <param name="at">When it happened.</param>
    /// <returns>The body.</returns>
    public HubErrorDocument ToDocument(string message, Guid trackingId, DateTimeOffset at) => new()
    {
        ErrorCode = Code,
        Message = message,
        TrackingId = trackingId.ToString("D"),
        TimestampUtc = at,
    };

    /// <summary>The body of a failed method call: the document of <see cref="ToDocument"/> as text inside the envelope.</summary>
    /// <param name="message">What the caller may know.</param>
    /// <param name="trackingId">The GUID by which the operator finds the refusal.</param>
    /// <param name="at">When it happened.</param>
    /// <returns>The body.</returns>
    public HubErrorEnvelope ToNestedEnvelope(string message, Guid trackingId, DateTimeOffset at) => new()
    {
        Message = System.Text.Encoding.ASCII.GetString(WireJson.ToUtf8(ToDocument(message, trackingId, at))),
        ExceptionMessage = string.Empty,
    };
}
