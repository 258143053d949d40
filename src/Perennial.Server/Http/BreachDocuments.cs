using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Breaches;

namespace Perennial.Server.Http;

/// <summary>Breaches as the service API reads and writes them.</summary>
internal static class BreachDocuments
{
    /// <summary>A breach of a list.</summary>
    public static BreachDocument From(BreachCase breach) => new()
    {
        Id = breach.Id,
        Procedure = RollDocuments.Word(breach.Procedure),
        EnrollmentGroupId = breach.Enrollment.Kind == EnrollmentKind.Group ? breach.Enrollment.Id : null,
        RegistrationId = breach.Device,
        Compromised = breach.Compromised.Thumbprint.ToString(),
        Subject = breach.Compromised.Subject.Text,
        Reason = breach.Reason,
        Actor = breach.Actor,
        AtUtc = breach.At,
        ClosedUtc = breach.Closed,
    };

    public static BreachDocument From(BreachStanding standing, string? roll) => From(standing.Breach) with
    {
        Steps = new BreachStepsDocument
        {
            Block = standing.Block is not null,
            Stage = standing.IsBrought,
            Move = standing.HasMoved,
            TakeOut = standing.Breach.Procedure == BreachProcedure.GroupLeaf ? null : standing.IsTakenOut,
        },
        Users = standing.Users,
        OldSlot = standing.OldSlot is { } slot ? RollDocuments.Word(slot) : null,
        Block = standing.Block is { } block ? BlockDocuments.From(block, standing.Drain) : null,
        Roll = roll,
    };

    /// <summary>Reads what was compromised, or says in one sentence what cannot be read.</summary>
    public static bool TryRead(
        BreachRequestDocument document, out BreachProcedure procedure, [NotNullWhen(true)] out string? name, out Slot slot, [NotNullWhen(false)] out string? fault)
    {
        var isProcedure = RollDocuments.TryReadWord<BreachProcedure>(document.Procedure, out var what);
        var isSlot = RollDocuments.TryReadWord<Slot>(document.Slot, out var held);
        (procedure, slot) = (what ?? default, held ?? Slot.Primary);
        var isOfDevice = procedure is BreachProcedure.IndividualLeaf or BreachProcedure.GroupLeaf;
        name = isOfDevice ? document.RegistrationId : document.EnrollmentGroupId;
        fault = !isProcedure || what is null ? $"'{document.Procedure}' is no procedure: individualLeaf, groupLeaf, intermediate or root."
            : !isSlot ? $"'{document.Slot}' is no slot: primary or secondary."
            : name is null ? $"The procedure {document.Procedure} is about {(isOfDevice ? "a device: name it in registrationId." : "a group: name it in enrollmentGroupId.")}"
            : null;
        return fault is null;
    }

    /// <summary>Reads how it is blocked, or says in one sentence what cannot be read.</summary>
    public static bool TryRead(BreachCase breach, BreachBlockDocument document, out DrainTerms? drain, [NotNullWhen(false)] out string? fault)
    {
        var request = new BlockRequestDocument
        {
            Reason = breach.Reason,
            Mode = document.Mode,
            RatePerMinute = document.RatePerMinute,
            Order = document.Order,
            First = document.First,
            TakesUnseen = document.TakesUnseen,
        };
        var isRead = BlockDocuments.TryRead(RollDocuments.Word(breach.BlockKind), breach.Compromised.Thumbprint.ToString(), request, out var wish, out fault);
        drain = wish?.Drain;
        return isRead;
    }
}
