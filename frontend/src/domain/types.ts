/** The nouns of the page, as the API describes them. */
import type { components } from "../api/schema";

export type Schemas = components["schemas"];

/** A text in Chinese and English. */
export type Text = Schemas["Text"];
export type Health = Schemas["Health"];
export type Person = Schemas["Person"];
/** Who is signed in, and the rules of signing in. */
export type Token = Schemas["Token"];
export type TokenWanted = Schemas["TokenWanted"];
export type TokenMade = Schemas["TokenMade"];
export type Enrolment = Schemas["Enrolment"];
export type SessionState = Schemas["Session"];
export type Campaign = Schemas["Campaign"];
export type CampaignPreview = Schemas["CampaignPreview"];
export type Amendment = Schemas["Amendment"];
export type DataDifference = Schemas["DataDifference"];
export type LightEffect = Schemas["LightEffect"];
export type Choice = Schemas["Choice"];
export type MilestoneKind = Schemas["MilestoneKind"];
export type Unit = Schemas["Unit"];
export type CaseSummary = Schemas["CaseSummary"];
export type CasePage = Schemas["CasePage"];
export type CaseDetail = Schemas["CaseDetail"];
export type Contact = Schemas["Contact"];
export type ContactDetails = Schemas["ContactDetails"];
export type CasePhotos = Schemas["CasePhotos"];
export type MilestonePhotos = Schemas["MilestonePhotos"];
export type Photo = Schemas["Photo"];
export type Upload = Schemas["Upload"];
export type Milestone = Schemas["Milestone"];
export type Action = Schemas["Action"];
export type TimelineEntry = Schemas["TimelineEntry"];
export type Conflict = Schemas["Conflict"];
export type SideKind = Schemas["SideKind"];
export type SideInForce = Schemas["SideInForce"];
export type SideRequest = Schemas["SideRequest"];
export type CaseAreas = Schemas["CaseAreas"];
export type ParcelDetail = Schemas["ParcelDetail"];
export type ParcelProperties = Schemas["ParcelProperties"];
export type SearchResult = Schemas["SearchResult"];
export type Suggestion = Schemas["Suggestion"];
export type Operation = Schemas["Operation"];
export type Change = Schemas["Change"];
export type Outcome = Schemas["Outcome"];
export type LiveChange = Schemas["LiveChange"];
export type History = Schemas["History"];
export type HistoryOf = Schemas["HistoryOf"];
export type Move = Schemas["Move"];
/** The figures of a day: a total and its rows. */
export type Sheet = Schemas["Figures"];
export type FigureRow = Schemas["FigureRow"];
export type FigureCount = Schemas["FigureCount"];
export type FigureMetric = Schemas["FigureMetric"];
export type FigureStep = Schemas["FigureStep"];
export type MetricKind = Schemas["MetricKind"];
export type BurnUp = Schemas["BurnUp"];
export type Moves = Schemas["Moves"];
/** What the wall shows beside the figures: what is late, what changed last. */
export type WallLists = Schemas["WallLists"];
export type RotationTurn = Schemas["RotationTurn"];
export type WallLate = Schemas["WallLate"];
export type WallChange = Schemas["WallChange"];
/** Recovered land as it would be recorded. */
export type LandPreview = Schemas["LandPreview"];
/** What a split or merge of parcels would do. */
export type Succession = Schemas["Succession"];
export type SuccessionDraft = Schemas["SuccessionDraft"];
export type MovedCase = Schemas["MovedCase"];
export type LandFault = Schemas["LandFault"];
/** An issue of the 通报, and all that is shown of it. */
export type Bulletin = Schemas["Bulletin"];
export type BulletinDetail = Schemas["BulletinDetail"];
export type BulletinUnit = Schemas["BulletinUnit"];
export type BulletinStep = Schemas["BulletinStep"];
export type Bulletins = Schemas["Bulletins"];
export type Findings = Schemas["Findings"];
export type FindingParty = Schemas["FindingParty"];
export type FindingRule = Schemas["FindingRule"];
export type LandFinding = Schemas["LandFinding"];
/** The page of a track, and its sheets. */
export type TrackPage = Schemas["TrackPage"];
export type TrackSheet = Schemas["TrackSheet"];
export type SheetSums = Schemas["SheetSums"];
export type Sheets = Schemas["Sheets"];
export type AreaProgress = Schemas["AreaProgress"];
export type KeptSheet = Schemas["KeptSheet"];
export type SheetKind = Schemas["SheetKind"];
export type SheetField = Schemas["SheetField"];
export type SheetRow = Schemas["SheetRow"];
/** What keeps closed cases closed, and what the work rests on. */
export type RevisitPage = Schemas["RevisitPage"];
export type RevisitDraw = Schemas["RevisitDraw"];
export type Lot = Schemas["Lot"];
export type CaseRow = Schemas["CaseRow"];
export type ElectricityPage = Schemas["ElectricityPage"];
export type ElectricityReport = Schemas["ElectricityReport"];
export type PowerFlag = Schemas["PowerFlag"];
export type EnforcementPage = Schemas["EnforcementPage"];
export type EnforcementAction = Schemas["EnforcementAction"];
export type AssurancePage = Schemas["AssurancePage"];
export type AssuranceUnit = Schemas["AssuranceUnit"];
export type MeetingPage = Schemas["Meetings"];
export type Meeting = Schemas["Meeting"];
export type AgendaItem = Schemas["AgendaItem"];
/** Units by the campaign's formula (考核), and the facts behind a cell. */
export type Appraisal = Schemas["Appraisal"];
export type AppraisalItem = Schemas["AppraisalItem"];
export type AppraisedUnit = Schemas["AppraisedUnit"];
export type AppraisalFacts = Schemas["AppraisalFacts"];
export type AppraisalFact = Schemas["AppraisalFact"];
export type BlockerPage = Schemas["Blockers"];
export type Blocker = Schemas["Blocker"];
export type ReminderPage = Schemas["Reminders"];
export type Reminder = Schemas["Reminder"];
export type OrderPage = Schemas["Orders"];
export type Order = Schemas["Order"];
export type OrderStep = Schemas["OrderStep"];
export type DuplicateList = Schemas["DuplicateList"];
export type DuplicatePair = Schemas["DuplicatePair"];
export type DuplicateSide = Schemas["DuplicateSide"];
export type WatchPage = Schemas["WatchPage"];
export type WatchKind = Schemas["WatchKind"];
export type JointVisits = Schemas["JointVisits"];
export type Eligibility = Schemas["Eligibility"];
export type EligibilityRule = Schemas["EligibilityRule"];
export type EligibilityPreview = Schemas["EligibilityPreview"];
export type Todo = Schemas["Todo"];
export type TodoGroup = Schemas["TodoGroup"];
export type Sums = Schemas["Sums"];
export type LayerInfo = Schemas["LayerInfo"];
export type ImportReport = Schemas["ImportReport"];
export type LedgerReport = Schemas["LedgerReport"];
export type LedgerSheet = Schemas["LedgerSheet"];
export type LedgerColumn = Schemas["LedgerColumn"];
export type LedgerRow = Schemas["LedgerRow"];
export type LedgerAsk = Schemas["LedgerAsk"];
export type ImportProgress = Schemas["ImportProgress"];
export type RejectedRow = Schemas["RejectedRow"];
export type ChangedParcel = Schemas["ChangedParcel"];
export type ChangedField = Schemas["ChangedField"];
export type ShownGround = Schemas["ShownGround"];
export type ChangedGeometry = Schemas["ChangedGeometry"];
/** Longitude and latitude in degrees. */
export type Place = readonly number[];

/** Properties of a feature of the layer `units`. */
export interface UnitProperties {
  id?: number | string;
  code: string;
  label: string;
  order?: number;
  /** Outside the campaign: drawn hatched, without figures. */
  outside?: boolean;
}

/** Properties of a feature of a reference layer: a river, a lake, a road. */
export interface ReferenceProperties {
  id: number;
  code: string;
  /** Its name; may be empty. */
  label: string;
  class: string;
  attributes?: Record<string, string>;
}

/** Properties of recovered and effective land, of blocks and parks. */
export interface LandProperties {
  readonly label: string;
  readonly label_en?: string;
  readonly mu?: number;
  /** Of a park: the case, whose it is, how far it is, and its floor. */
  readonly id?: number;
  readonly unit?: string;
  readonly construction?: "built" | "building" | "planned";
  readonly floor_m2?: number;
}

/** The first message of the live stream. */
export interface LiveHello {
  revision: number;
  /** Absent, like the day, where the stream was open before this page was. */
  server_time?: string;
  day?: string;
  build: string;
}
/** Another day has begun, by the server's clock. */
export interface LiveDay {
  day: string;
  server_time: string;
}
/** An account, as the administrators see it. */
export type Account = Schemas["Account"];
/** A password that is shown once. */
export type GivenPassword = Schemas["GivenPassword"];
/** Everybody, with the roles and units there are. */
export type Staff = Schemas["Staff"];
export type PersonDraft = Schemas["PersonDraft"];
/** An entry of the access log. */
export type AuditEntry = Schemas["AuditEntry"];
export type AuditPage = Schemas["AuditPage"];
export type AuditState = Schemas["AuditState"];
/** One of the own sessions. */
export type OpenSession = Schemas["OpenSession"];
