using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Rolls;

/// <summary>Planning a roll: the form, its preview, and saving it as a draft.</summary>
internal sealed class NewRollPages(IRollStore rolls, CreateRoll create, CreateIssuerRoll createOfIssuer, PreviewRoll preview, TimeProvider time) : IPortalPages
{
    private const string Issuer = "issuer";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(RollPaths.New, context => Task.FromResult(Show(RollForm.Usual(context.Request.Query["group"]), StatusCodes.Status200OK)), UserRole.Operator);
        routes.Page(RollPaths.Pattern + "/plan", ShowDraftAsync, UserRole.Operator);
        routes.Form(RollPaths.New, SaveAsync, UserRole.Operator);
        routes.Form(RollPaths.New + "/preview", PreviewAsync, UserRole.Operator);
    }

    private async Task<IResult> ShowDraftAsync(HttpContext context)
    {
        if (await rolls.FindAsync((string)context.Request.RouteValues["id"]!, context.RequestAborted) is not { } roll)
        {
            return PortalReply.NotFound("There is no roll of this name.");
        }

        if (!roll.IsPlanned)
        {
            return PortalReply.Message(StatusCodes.Status409Conflict, "It was started", "The plan of a roll that was started stays as it is. Abort it, and plan another one.");
        }

        var isSecondary = roll.Group is { } group && await preview.SlotOfAsync(group, roll.Old, context.RequestAborted) == Slot.Secondary;
        var devices = roll.Kind == RollKind.Leaf
            ? (await rolls.ListDevicesAsync(roll, onlyOpen: false, new PageRequest(null, CreateRoll.MaxMembers), time.GetUtcNow(), context.RequestAborted)).Items
            : [];
        return Show(RollForm.Of(roll, isSecondary, devices.Select(device => device.Device)), StatusCodes.Status200OK);
    }

    private async Task<IResult> PreviewAsync(HttpContext context)
    {
        var form = RollForm.Read(await context.Request.ReadFormAsync(context.RequestAborted));
        var (plan, keys) = (form.ReadPlan(), KeysOf(form));
        if (plan is null || form.Faults.Count > 0)
        {
            return Show(form, StatusCodes.Status422UnprocessableEntity);
        }

        if (form["of"] == Issuer)
        {
            return PortalReply.Page<NewRollPage>(
                new NewRollModel { Form = form, Fault = "The roll of an issuing authority has no preview: the old authority stays until nobody holds a certificate of its any more. Save the draft.", Now = time.GetUtcNow() },
                StatusCodes.Status422UnprocessableEntity);
        }

        var (found, fault) = await preview.RunAsync(keys, SlotOf(form), plan, context.RequestAborted);
        return PortalReply.Page<NewRollPage>(
            new NewRollModel { Form = form, Fault = fault, Preview = found, Now = time.GetUtcNow() },
            fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<IResult> SaveAsync(HttpContext context)
    {
        var form = RollForm.Read(await context.Request.ReadFormAsync(context.RequestAborted));
        var (plan, keys) = (form.ReadPlan(), KeysOf(form));
        if (!Roll.IsId(form["id"]))
        {
            form.Refuse("id", "Give 1 to 64 letters, digits and dashes.");
        }

        else if (!string.Equals(form["replaces"], form["id"], StringComparison.OrdinalIgnoreCase) && await rolls.FindAsync(form["id"], context.RequestAborted) is not null)
        {
            form.Refuse("id", "There is a roll of this name. Name the new one otherwise.");
        }

        if (plan is null || form.Faults.Count > 0)
        {
            return Show(form, StatusCodes.Status422UnprocessableEntity);
        }

        var (actor, stop) = (PortalUser.ActorOf(context.User), context.RequestAborted);
        var reason = Enum.TryParse<RollReason>(form["reason"], out var word) && Enum.IsDefined(word) ? word : RollReason.Expiration;
        var outcome = form["of"] == Issuer ? await createOfIssuer.RunAsync(form["id"], form["issuer"], reason, plan, actor, stop)
            : keys is [{ Kind: EnrollmentKind.Group } group]
            ? await create.OfGroupAsync(form["id"], group, SlotOf(form), reason, plan, actor, stop)
            : await create.OfLeavesAsync(form["id"], [.. keys.Select(key => RegistrationId.TryParse(key.Id, out var id) ? id : null).OfType<RegistrationId>()], SlotOf(form), reason, plan, actor, stop);
        switch (outcome)
        {
            case RollOutcome.Done done:
                return PortalReply.SeeOther($"{RollPaths.Of(done.Roll.Id)}?done=planned");
            case RollOutcome.Exists:
                form.Refuse("id", "There is a roll of this name that was started. Name the new one otherwise.");
                return Show(form, StatusCodes.Status422UnprocessableEntity);
            case RollOutcome.Invalid invalid:
                return PortalReply.Page<NewRollPage>(
                    new NewRollModel { Form = form, Fault = invalid.Sentence, Now = time.GetUtcNow() }, StatusCodes.Status422UnprocessableEntity);
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}.");
        }
    }

    /// <summary>The enrollments that the form names; a word that can be none is noted.</summary>
    private static List<EnrollmentKey> KeysOf(RollForm form)
    {
        if (form["of"] == Issuer)
        {
            return [];
        }

        if (form["of"] != "devices")
        {
            if (EnrollmentKey.TryGroup(form["group"], out var group))
            {
                return [group];
            }

            form.Refuse("group", "Give the id of an enrollment group.");
            return [];
        }

        var words = form.Words("devices");
        if (words.Count is 0 or > CreateRoll.MaxMembers)
        {
            form.Refuse("devices", FormattableString.Invariant($"Give 1 to {CreateRoll.MaxMembers} registration ids. Make several rolls of more."));
            return [];
        }

        var keys = new List<EnrollmentKey>(words.Count);
        foreach (var word in words.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (RegistrationId.TryParse(word, out var id))
            {
                keys.Add(EnrollmentKey.Individual(id));
            }
            else
            {
                form.Refuse("devices", $"'{word}' is no registration id. They have 1 to 128 letters, digits and - . _ : and end with a letter or digit.");
            }
        }

        return keys;
    }

    private static Slot SlotOf(RollForm form) => form["slot"] == "secondary" ? Slot.Secondary : Slot.Primary;

    private IResult Show(RollForm form, int status) => PortalReply.Page<NewRollPage>(new NewRollModel { Form = form, Now = time.GetUtcNow() }, status);
}
